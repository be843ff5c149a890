/** The Python wheels whose libraries Ganway uses, by exact file and hash; downloads nothing. */

/**
 * @typedef {object} Wheel
 * @property {string} project   name on the package index
 * @property {string} filename
 * @property {number} size      bytes
 * @property {number} unpacked  bytes of what the set-up takes out of it
 * @property {string} sha256
 *
 * @typedef {Wheel & {library: string}} CudaWheel   `library`: the file that is opened at run time, below `native/nvidia`
 */

/** Version of TensorFlow in all of them. */
export const TENSORFLOW_VERSION = '2.21.0';

/** @returns {Wheel} */
const wheel = (
  /** @type {string} */ project,
  /** @type {string} */ filename,
  /** @type {number} */ size,
  /** @type {number} */ unpacked,
  /** @type {string} */ sha256,
) => ({ project, filename, size, unpacked, sha256 });

/** @returns {CudaWheel} */
const cuda = (/** @type {string} */ library, /** @type {Parameters<typeof wheel>} */ ...rest) => ({
  library,
  ...wheel(...rest),
});

/**
 * Kernels for the processor, by `process.arch`. The Python version in a wheel's name does not matter: its interpreter part is not used.
 * There is no `tensorflow-cpu` for ARM; the plain `tensorflow` of that architecture holds no CUDA. Built and run on x64; the ARM file
 * is pinned from the index but has not been tried.
 * @type {Readonly<Record<string, Wheel>>}
 */
export const CPU_WHEELS = {
  x64: wheel(
    'tensorflow-cpu',
    'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    273829956,
    857319439,
    '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  ),
  arm64: wheel(
    'tensorflow',
    'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
    281828020,
    887072711,
    '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  ),
};

/** Kernels for NVIDIA GPUs (built with CUDA 12.5.1 and cuDNN 9). @type {Readonly<Record<string, Wheel>>} */
export const GPU_WHEELS = {
  x64: wheel(
    'tensorflow',
    'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    572440367,
    1263035806,
    '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  ),
};

/**
 * What the GPU kernels open at run time: the oldest versions that the `and-cuda` extra of that TensorFlow allows, which are those it was
 * built with. Of that extra `nvidia-curand-cu12` is left out: neither TensorFlow nor any of the others names its library.
 */
export const CUDA_WHEELS = [
  cuda(
    'cublas/lib/libcublas.so.12',
    'nvidia-cublas-cu12',
    'nvidia_cublas_cu12-12.5.3.2-py3-none-manylinux2014_x86_64.whl',
    363313169,
    551706504,
    'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
  ),
  cuda(
    'cuda_cupti/lib/libcupti.so.12',
    'nvidia-cuda-cupti-cu12',
    'nvidia_cuda_cupti_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
    13811507,
    43952208,
    'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
  ),
  cuda(
    'cuda_nvcc/bin/ptxas',
    'nvidia-cuda-nvcc-cu12',
    'nvidia_cuda_nvcc_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
    22468537,
    58792548,
    'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
  ),
  cuda(
    'cuda_nvrtc/lib/libnvrtc.so.12',
    'nvidia-cuda-nvrtc-cu12',
    'nvidia_cuda_nvrtc_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
    24873108,
    68243664,
    '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
  ),
  cuda(
    'nvjitlink/lib/libnvJitLink.so.12',
    'nvidia-nvjitlink-cu12',
    'nvidia_nvjitlink_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
    21298879,
    54560656,
    'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
  ),
  cuda(
    'cuda_runtime/lib/libcudart.so.12',
    'nvidia-cuda-runtime-cu12',
    'nvidia_cuda_runtime_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
    895707,
    712032,
    '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
  ),
  cuda(
    'cudnn/lib/libcudnn.so.9',
    'nvidia-cudnn-cu12',
    'nvidia_cudnn_cu12-9.3.0.75-py3-none-manylinux2014_x86_64.whl',
    577163502,
    885338960,
    '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
  ),
  cuda(
    'cufft/lib/libcufft.so.11',
    'nvidia-cufft-cu12',
    'nvidia_cufft_cu12-11.2.3.61-py3-none-manylinux2014_x86_64.whl',
    192524114,
    278929256,
    '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
  ),
  cuda(
    'cusolver/lib/libcusolver.so.11',
    'nvidia-cusolver-cu12',
    'nvidia_cusolver_cu12-11.6.3.83-py3-none-manylinux2014_x86_64.whl',
    130341232,
    218141696,
    '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
  ),
  cuda(
    'cusparse/lib/libcusparse.so.12',
    'nvidia-cusparse-cu12',
    'nvidia_cusparse_cu12-12.5.1.3-py3-none-manylinux2014_x86_64.whl',
    217558979,
    295715544,
    '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
  ),
  cuda(
    'nccl/lib/libnccl.so.2',
    'nvidia-nccl-cu12',
    'nvidia_nccl_cu12-2.27.7-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    322546339,
    430126192,
    'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa',
  ),
];
