/** Describes what may change the last bits of a result on this machine; decides nothing by it. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Precision } from '../../../graph/spec/spec.ts';
import type { NativeExecutor } from '../../protocol/executor.ts';
import type { Numerics } from '../../protocol.ts';
import { REVISION } from '../revision.ts';
import { loadLibrary, usesGpu } from './capi/library.ts';
import { executorOf } from './native-folder.ts';
import { loadAddon } from './tensorflow/addon.ts';

export interface NumericsOptions {
  /** Folder with TensorFlow's libraries and, where it could be compiled, the addon. */
  readonly nativeDir: string;
  /** Null, the default: the addon where there is one. */
  readonly executor?: NativeExecutor | null;
  /** Threads that one operation may use, as the parent process set them. */
  readonly threads: number;
  /** `NAME=value` of the TF_* variables that the process was started with. */
  readonly flags: readonly string[];
  /** What products are computed in; FP32 by default. */
  readonly precision?: Precision;
}

/** Extensions by which TensorFlow and oneDNN choose among kernels. */
const EXTENSIONS =
  /^(sse4_2|avx|avx2|fma|avx_vnni|avx512[a-z0-9_]+|amx_[a-z0-9]+|asimd|asimdhp|asimddp|sve|sve2|i8mm|bf16)$/;

/**
 * Numerics of TensorFlow as it is loaded in this process. Two runs with equal numerics give equal bits.
 *
 * @throws EngineError NATIVE where TensorFlow does not load.
 */
export function describeNumerics(options: NumericsOptions): Numerics {
  const { nativeDir, executor = null, threads, flags, precision = 'FP32' } = options;
  const chosen = executor ?? executorOf(nativeDir);
  const { version, gpu } = describeLibrary(nativeDir, chosen);
  return {
    executor: chosen,
    engine: REVISION,
    library: `TensorFlow ${version}`,
    device: gpu ? `gpu ${gpuModels().join(', ')}` : `cpu ${cpus()[0]?.model ?? process.arch}`,
    instructionSet: instructionSet(),
    threads,
    precision: computedIn(precision, gpu),
    flags: flags.toSorted(),
  };
}

/** A processor has no TF32: it computes what was meant to be that in float32. */
function computedIn(precision: Precision, gpu: boolean): string {
  switch (precision) {
    case 'FP32':
      return 'float32';
    case 'TF32':
      return gpu ? 'tf32' : 'float32';
    case 'BF16':
      return 'bfloat16';
  }
}

function describeLibrary(nativeDir: string, executor: NativeExecutor): { version: string; gpu: boolean } {
  if (executor === 'capi') {
    const library = loadLibrary(nativeDir);
    return { version: library.TF_Version(), gpu: usesGpu(library) };
  }
  const { backend } = loadAddon(nativeDir);
  return { version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
}

/** Architecture of this processor and those of its extensions by which kernels are chosen. */
export function instructionSet(): string {
  const line = readText('/proc/cpuinfo').match(/^(?:flags|Features)\s*:\s*(.*)$/m)?.[1] ?? '';
  const known = line.split(/\s+/).filter((name) => EXTENSIONS.test(name));
  return [process.arch, ...known.toSorted()].join(' ');
}

function gpuModels(): string[] {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    return readdirSync(folder).map(
      (bus) => readText(join(folder, bus, 'information')).match(/^Model:\s*(.*)$/m)?.[1] ?? 'unknown',
    );
  } catch {
    return ['unknown'];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
