/** Loads TF.js with its stock backend on a native library outside of node_modules; knows no program. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';
import { EngineError } from '../errors.ts';

const require = createRequire(import.meta.url);

type TensorFlow = typeof import('@tensorflow/tfjs');
type Backend = InstanceType<
  typeof import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js')['NodeJSKernelBackend']
>;

/** TF.js and its native backend: one a process, because TensorFlow is. */
export interface Native {
  readonly tf: TensorFlow;
  readonly backend: Backend;
  /** Folder of the two libraries and the addon. */
  readonly folder: string;
}

/** The npm package whose JavaScript drives the addon. */
export type NativePackage = '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node';

let loaded: Native | null = null;

/**
 * Loads the addon `tfjs_binding.node` of `folder`, once a process.
 *
 * @throws EngineError NATIVE where the folder has no addon, it does not load, or another folder's is loaded already.
 */
export function loadNative(folder: string, pkg: NativePackage = '@tensorflow/tfjs-node-gpu'): Native {
  const path = resolve(folder);
  if (loaded) {
    if (loaded.folder === path) return loaded;
    throw new EngineError('NATIVE', `TensorFlow of ${loaded.folder} is loaded: start another process for ${path}`);
  }
  const addon = join(path, 'tfjs_binding.node');
  if (!existsSync(addon)) {
    throw new EngineError('NATIVE', `${addon} is missing: run npm start once, which sets TensorFlow up`);
  }
  restoreUtil();
  try {
    const tf: TensorFlow = require('@tensorflow/tfjs');
    const binding = require(addon);
    // Not its kernels for single operations: a program runs whole, and they take a tenth of a second to load.
    const { NodeJSKernelBackend } = require(`${pkg}/dist/nodejs_kernel_backend`);
    const backend: Backend = new NodeJSKernelBackend(binding, pkg);
    tf.registerBackend('tensorflow', () => backend, 3);
    tf.setBackend('tensorflow');
    loaded = { tf, backend, folder: path };
    return loaded;
  } catch (cause) {
    throw new EngineError('NATIVE', `TensorFlow in ${path} does not load: npm start -- doctor explains it`, { cause });
  }
}

/** tfjs-node 4.22 calls functions that Node 23 removed from `util`. */
function restoreUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}
