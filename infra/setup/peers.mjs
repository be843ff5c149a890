/** What Ganway is held against, PyTorch, Python's TensorFlow and reference metrics, each in an environment of its own; compares nothing. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from './python.mjs';

/** @typedef {{cache: string, progress: import('./progress.mjs').Progress}} PeerOptions */

/**
 * Path of a Python that imports TensorFlow: GradientTape, tf.function, SavedModels, no Keras. 0.3 GB to download, 1.3 GB in the cache.
 * @param {PeerOptions} options
 */
export function prepareTensorFlow(options) {
  return preparePeer('tensorflow', options);
}

/**
 * Path of a Python that imports PyTorch after `sys.setdlopenflags(os.RTLD_LAZY)`. 0.7 GB to download, 1.3 GB in the cache.
 * @param {PeerOptions} options
 */
export function prepareTorch(options) {
  return preparePeer('torch', { ...options, finish: standInForCuda, stamp: CUDA_LIBRARIES.join() });
}

/**
 * Path of a Python that imports PyTorch with the CUDA libraries of its own that it computes on a GPU by: a driver of the 580 series
 * or later is all that it asks of the machine. 2.5 GB to download, 6 GB in the cache.
 * @param {PeerOptions} options
 */
export function prepareTorchForCuda(options) {
  return preparePeer('torch-cuda', options);
}

/**
 * Path of a Python that imports the reference implementations of metrics: prdc, scikit-learn, SciPy, and of torch-fidelity what needs
 * no PyTorch. 70 MB to download, 0.3 GB in the cache.
 * @param {PeerOptions} options
 */
export function prepareMetricPeers(options) {
  return preparePeer('metrics', options);
}

/** Both frameworks, one after the other. @param {PeerOptions} options */
export async function preparePeers(options) {
  return { torch: await prepareTorch(options), tensorflow: await prepareTensorFlow(options) };
}

/** @param {'tensorflow' | 'torch' | 'torch-cuda' | 'metrics'} name @param {PeerOptions & {finish?: (packages: string) => void, stamp?: string}} options */
function preparePeer(name, options) {
  const list = fileURLToPath(new URL(`peers/${name}.txt`, import.meta.url));
  const pinned = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return pythonEnvironment({
    ...options,
    name: `peer-${name}`,
    requirements: ['--no-deps', '--only-binary=:all:', ...pinned],
  });
}

/** NVIDIA's libraries that PyTorch's libraries ask the loader for, beside the two that are installed. */
const CUDA_LIBRARIES = [
  ...['libcublas.so.13', 'libcublasLt.so.13', 'libcudnn.so.9', 'libcufft.so.12', 'libcufile.so.0', 'libcupti.so.13'],
  ...['libcusparse.so.12', 'libcusparseLt.so.0', 'libnccl.so.2', 'libnvrtc.so.13'],
];

/**
 * PyTorch's wheel on the index is built for CUDA, and does not load without gigabytes of NVIDIA's libraries, of which a processor
 * calls no function. The loader is content with any library under those names as long as functions are looked up at their
 * first call (RTLD_LAZY): a small one of PyTorch's own takes their places. What computes on the processor is untouched.
 * @param {string} packages
 */
function standInForCuda(packages) {
  const standIn = join(packages, 'torch/lib/libtorch_global_deps.so');
  const folder = join(packages, 'nvidia/cu13/lib');
  if (!existsSync(standIn)) return;
  mkdirSync(folder, { recursive: true });
  for (const name of CUDA_LIBRARIES) symlinkSync('../../../torch/lib/libtorch_global_deps.so', join(folder, name));
  const shared = join(packages, 'nvidia/nvshmem/lib');
  for (const name of readdirSync(shared)) if (name !== 'libnvshmem_host.so.3') rmSync(join(shared, name));
}
