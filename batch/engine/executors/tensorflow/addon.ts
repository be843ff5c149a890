/** Loads TF.js with its stock addon for Node.js from outside of node_modules; knows no program. */
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { EngineError } from '../../errors.ts';
import { giveBackLoadingPages } from '../loading-pages.ts';
import { ADDON, takeFolder } from '../native-folder.ts';

const require = createRequire(import.meta.url);

/** What is used of TF.js. */
type TensorFlow = Pick<typeof import('@tensorflow/tfjs'), 'tensor' | 'dispose' | 'registerBackend' | 'setBackend'>;
type Backend = InstanceType<
  typeof import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js')['NodeJSKernelBackend']
>;

/** TF.js and its native backend: one a process, because TensorFlow is. */
export interface Addon {
  readonly tf: TensorFlow;
  readonly backend: Backend;
}

/** The npm package whose JavaScript drives the addon. */
const PACKAGE = '@tensorflow/tfjs-node-gpu';

let loaded: Addon | null = null;

/**
 * Loads the addon of `folder`, once a process, with what a program needs of TF.js: its core.
 *
 * @throws EngineError NATIVE where the folder has no addon, it does not load, or another folder's is loaded already.
 */
export function loadAddon(folder: string): Addon {
  const path = takeFolder(folder, [ADDON]);
  if (loaded) return loaded;
  restoreUtil();
  try {
    const binding = require(join(path, ADDON));
    // Not its kernels for single operations: a program runs whole, and they take a tenth of a second to load.
    const { tf, NodeJSKernelBackend } = withCore(() => require(`${PACKAGE}/dist/nodejs_kernel_backend`));
    const backend: Backend = new NodeJSKernelBackend(binding, PACKAGE);
    tf.registerBackend('tensorflow', () => backend, 3);
    tf.setBackend('tensorflow');
    giveBackLoadingPages();
    loaded = { tf, backend };
    return loaded;
  } catch (cause) {
    throw new EngineError('NATIVE', `TensorFlow in ${path} does not load: npm start -- doctor explains it`, { cause });
  }
}

/**
 * What `load` gives, and the TF.js that it has met. The backend asks for TF.js whole and uses its core: layers, converters
 * and the kernels of other backends would take 20 MB and a tenth of a second. Whoever asks later gets it whole.
 */
function withCore<T>(load: () => T): T & { readonly tf: TensorFlow } {
  const whole = require.resolve('@tensorflow/tfjs');
  const cached = require.cache[whole];
  if (cached) return { ...load(), tf: cached.exports };
  const core = createRequire(whole)('@tensorflow/tfjs-core');
  require.cache[whole] = Object.assign(new Module(whole), { exports: core, loaded: true });
  try {
    return { ...load(), tf: core };
  } finally {
    delete require.cache[whole];
  }
}

/** tfjs-node 4.22 calls functions that Node 23 removed from `util`. */
function restoreUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}
