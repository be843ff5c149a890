/** The environment a trainer is started with, as a pure function of its spec; reads no environment itself. */
import type { Spec } from '../../graph/spec/spec.ts';

/**
 * Variables that TensorFlow reads once, when its library is loaded: hence set by whoever starts the process. The number
 * of threads is the spec's, because the rounding of sums depends on it.
 */
export function trainerEnvironment(resources: Spec['resources']): Readonly<Record<string, string>> {
  const threads = String(resources.threads);
  return {
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    OMP_NUM_THREADS: threads,
    TF_ENABLE_ONEDNN_OPTS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // Kernels compiled for a newer GPU are kept for the next start.
    CUDA_CACHE_MAXSIZE: String(4 * 1024 ** 3),
    // Which of the machine's GPUs a run with some may use, its container or whoever started the supervisor has said.
    ...(resources.gpus === 0 && { CUDA_VISIBLE_DEVICES: '-1' }),
  };
}

/** Those of the variables that may change the bits of a result, as `NAME=value`: part of the numerics of a checkpoint. */
export function numericFlags(resources: Spec['resources']): readonly string[] {
  return [`TF_ENABLE_ONEDNN_OPTS=${trainerEnvironment(resources).TF_ENABLE_ONEDNN_OPTS}`];
}
