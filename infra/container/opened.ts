/** What files open by name at run time, which no header tells: read from the names in them, and from where TensorFlow's loader looks; opens nothing. */

export interface Opened {
  readonly name: string;
  /** Where it is looked for; left out: where the opener's libraries are. */
  readonly folder?: string;
}

const named = (...names: string[]): Opened[] => names.map((name) => ({ name }));

/** By the file that opens them, where NVIDIA's libraries are there at all. */
export const OPENED_ON_GPU: Readonly<Record<string, readonly Opened[]>> = {
  'libtensorflow_framework.so.2': [
    ...named('libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11', 'libcusolver.so.11'),
    ...named('libcusparse.so.12', 'libcudnn.so.9', 'libcupti.so.12', 'libnccl.so.2'),
    // XLA compiles with the first and links the second in.
    { name: 'ptxas', folder: '$ORIGIN/../nvidia/cuda_nvcc/bin' },
    { name: 'libdevice.10.bc', folder: '$ORIGIN/../nvidia/cuda_nvcc/nvvm/libdevice' },
  ],
  'libcudnn.so.9': named('libcudnn_graph.so.9', 'libcudnn_ops.so.9', 'libcudnn_cnn.so.9', 'libcudnn_adv.so.9'),
  'libcudnn_graph.so.9': [
    ...named('libcudnn_heuristic.so.9', 'libcudnn_engines_precompiled.so.9', 'libcudnn_engines_runtime_compiled.so.9'),
    { name: 'libnvrtc.so.12', folder: '$ORIGIN/../../nvrtc/lib' },
  ],
  'libnvrtc.so.12': named('libnvrtc-builtins.so.12.5'),
  // Named without a search path; it lies where its opener does.
  'libcupti.so.12': [{ name: 'libnvperf_host.so', folder: '$ORIGIN' }],
};

/** Of NVIDIA's wheels, what neither TensorFlow nor another of their libraries opens: for other programs, and for nvcc and profilers. */
export const UNUSED =
  /\/(lib(cusolverMg|nvblas|cufftw|checkpoint|pcsamplingutil|nvperf_target|nvvm)\.so[.\d]*|stamp\.json)$/;
