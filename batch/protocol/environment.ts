/** The environment a trainer is started with, as a pure function of its spec; reads no environment itself. */
import type { Precision, Spec } from '../../graph/spec/spec.ts';

/** Of a task that computes nothing, no precision is said. */
type Resources = Spec['resources'] & { readonly precision?: Precision | undefined };

/**
 * Variables that TensorFlow reads once, when its library is loaded: hence set by whoever starts the process. The number
 * of threads is the spec's, because the rounding of sums depends on it.
 */
export function trainerEnvironment(resources: Resources): Readonly<Record<string, string>> {
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
    ...(resources.gpus === 0 ? { CUDA_VISIBLE_DEVICES: '-1' } : tensorFloats(resources)),
  };
}

/** Those of the variables that may change the bits of a result, as `NAME=value`: part of the numerics of a checkpoint. */
export function numericFlags(resources: Resources): readonly string[] {
  const environment = trainerEnvironment(resources);
  return NUMERIC.flatMap((name) => (name in environment ? [`${name}=${environment[name]}`] : []));
}

const NUMERIC = ['TF_ENABLE_ONEDNN_OPTS', 'NVIDIA_TF32_OVERRIDE'];

/**
 * TensorFlow lets cuBLAS and cuDNN round the factors of float32 products to TF32, and has no variable of its own to forbid
 * it: its switch, `tf.config.experimental.enable_tensor_float_32_execution`, is a function outside of the C API. NVIDIA's
 * libraries read this one when they are loaded, and it overrides what TensorFlow asks them for: 0 forbids TF32, 1 allows it,
 * whatever the machine's own environment says (NVIDIA, cuBLAS Library, "Tensor Core Usage").
 */
function tensorFloats({ precision = 'FP32' }: Resources): Readonly<Record<string, string>> {
  return { NVIDIA_TF32_OVERRIDE: precision === 'TF32' ? '1' : '0' };
}
