/** Which kernels a call has run and how long each took, as TensorFlow's own tracer saw it; knows no program. */
import { encode } from '../../savedmodel/protobuf.ts';
import { decode, type Fields } from '../../savedmodel/protobuf-reader.ts';
import type { CApi, Pointer } from './library.ts';

/** One kernel of one call. */
export interface KernelRun {
  /** Of the node after TensorFlow's rewriting: one that was fused has the name of one of its parts. */
  readonly name: string;
  /** The kernel's operation, such as `_FusedConv2D`. */
  readonly op: string;
  readonly milliseconds: number;
}

/** config.proto: RunOptions with a trace level of FULL_TRACE. */
export const TRACED = encode((options) => options.int(1, 3));

/** Those of a RunMetadata of config.proto, in no order. Kernels of two threads run at once: they add up to more than the call. */
export function kernelRunsOf(metadata: Uint8Array): KernelRun[] {
  const devices = decode(metadata)
    .messages(1)
    .flatMap((stepStats) => stepStats.messages(1));
  return devices.flatMap((device) => device.messages(2).map(kernelRun));
}

/** step_stats.proto: NodeExecStats. */
function kernelRun(stats: Fields): KernelRun {
  const name = stats.string(1);
  const [, op = ''] = / = (\w+)\(/.exec(stats.string(8)) ?? [];
  return { name, op, milliseconds: (stats.int(15) - stats.int(14)) / 1e6 };
}

/** A copy of what a TF_Buffer holds: its first two members are address and length. */
export function bufferBytes(c: CApi, buffer: Pointer): Uint8Array {
  const members = new BigUint64Array(2);
  c.memcpy(members, buffer, members.byteLength);
  const [data = 0n, length = 0n] = members;
  const bytes = new Uint8Array(Number(length));
  if (bytes.length > 0) c.memcpy(bytes, data, bytes.length);
  return bytes;
}
