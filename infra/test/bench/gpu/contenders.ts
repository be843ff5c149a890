/** Who is timed by `npm run bench:gpu`, and what each may do with the digits of its products; starts nobody. */
import type { Layout } from '../../../../batch/engine/lowering/functions.ts';
import type { Precision } from '../../../../graph/spec/spec.ts';
import { type ContenderCommand, torchPeer } from '../../peers/contender.ts';
import { bundled } from '../step/bundled.ts';

export type Device = 'gpu' | 'cpu';

/** A contender, and how it was told to compute. */
export interface Variant {
  readonly command: ContenderCommand;
  /** `ganway`, `torch-compile`, …: a variant's name without its precision and layout. */
  readonly contender: string;
  readonly precision: Precision;
  /** Whether XLA compiled the step as a whole. */
  readonly xla: boolean;
}

/** Binary digits that factors must have left, the first one counted. */
export const DIGITS: Readonly<Record<Precision, number>> = { FP32: 24, TF32: 11, BF16: 8 };

/** PyTorch in the ways its users know; the first makes the steps that all are held against. */
const TORCH = { gpu: ['eager', 'compile', 'graphs'], cpu: ['eager'] } as const;
const PRECISIONS: Readonly<Record<Device, readonly Precision[]>> = {
  gpu: ['FP32', 'TF32', 'BF16'],
  // A processor has no TF32.
  cpu: ['FP32', 'BF16'],
};

/** Whose speed ratios are to, at the same precision. */
export const BASELINE: Readonly<Record<Device, string>> = { gpu: 'torch-compile', cpu: 'torch-eager' };

/** Each with each precision, and Ganway with XLA and without. */
export async function variantsOf(device: Device, nativeDir: string, torch: string): Promise<Variant[]> {
  const script = await bundled('ganway');
  const own = (precision: Precision, layout: Layout): Variant => ({
    command: {
      name: `ganway ${precision}${layout === 'xla' ? ' XLA' : ''}`,
      program: process.execPath,
      args: ['--expose-gc', script, nativeDir],
      mode: `${precision} ${layout}`,
    },
    ...{ contender: 'ganway', precision, xla: layout === 'xla' },
  });
  const peer = (precision: Precision, way: (typeof TORCH)['gpu'][number]): Variant => {
    const command = torchPeer(torch, way);
    const mode = [way, ...(device === 'gpu' ? ['cuda'] : []), precision].join(' ');
    const named = { ...command, name: `${command.name} ${precision}`, mode };
    return { command: named, contender: command.name, precision, xla: false };
  };
  return PRECISIONS[device].flatMap((precision) => [
    ...(['flat', 'xla'] as const).map((layout) => own(precision, layout)),
    ...TORCH[device].map((way) => peer(precision, way)),
  ]);
}

/** Beside what trainers are started with. */
export function environmentOf({ xla, precision }: Variant, cacheDir: string): Readonly<Record<string, string>> {
  return {
    TORCHINDUCTOR_CACHE_DIR: `${cacheDir}/torchinductor`,
    // Its own kernels for products of matrices ask TensorFlow about TF32, and not the variable that NVIDIA's libraries obey.
    ...(xla && precision !== 'TF32' && { XLA_FLAGS: '--xla_gpu_enable_triton_gemm=false' }),
  };
}
