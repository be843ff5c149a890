/** TF.js as its users know it, one operation at a time, on the same native library: a peer for benchmarks, no executor of programs. */
import { createRequire } from 'node:module';
import { loadAddon } from './addon.ts';

const require = createRequire(import.meta.url);

type TensorFlow = typeof import('@tensorflow/tfjs');

/**
 * TF.js with the stock package's kernels for single operations, once a process.
 *
 * @throws EngineError NATIVE where TensorFlow does not load.
 */
export function loadEager(folder: string): TensorFlow {
  const tf: TensorFlow = require('@tensorflow/tfjs');
  loadAddon(folder);
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
  return tf;
}
