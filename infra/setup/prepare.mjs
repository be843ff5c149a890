/** Everything a command needs before it can begin, in one call; each part is a step that does nothing when its result is there. */
import { cacheFolder, checkout } from './cache.mjs';
import { installDependencies } from './dependencies.mjs';
import { wantedExecutor } from './executor.mjs';
import { prepareNative } from './native.mjs';
import { checkNode } from './node-version.mjs';
import { createProgress } from './progress.mjs';
import { NativeUnavailable, SetupError } from './setup-error.mjs';
import { prepareStorage } from './storage.mjs';

/**
 * What the set-up found or made.
 * @typedef {object} Prepared
 * @property {string} cacheDir           root of the user's cache
 * @property {string | null} nativeDir   folder of `libtensorflow_cc.so.2`, `libtensorflow_framework.so.2` and, where a compiler was at hand, `tfjs_binding.node`; null where this machine cannot have it
 * @property {'tensorflow' | 'capi' | null} executor   how `GANWAY_EXECUTOR` wants it called; null: by what `nativeDir` holds
 * @property {'minio' | 'external' | 'embedded'} storeKind   `minio`: start the server at `minioPath`; `external`: use `s3`; `embedded`: files under the home folder
 * @property {string | null} minioPath   not null when `storeKind` is `minio`
 * @property {S3Endpoint | null} s3      not null when `storeKind` is `external`
 *
 * An object storage that somebody else runs, from `GANWAY_S3_*`.
 * @typedef {object} S3Endpoint
 * @property {string} endpoint
 * @property {string} bucket
 * @property {string} region
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 *
 * @typedef {object} PrepareOptions
 * @property {'minio' | 'embedded' | null} [store]   forces a store (`--store`); default: the best that can be had. A forced one that cannot be had is an error
 * @property {boolean} [storage]                     false: the command needs no object storage; default true
 * @property {'required' | 'wanted' | 'none'} [native]   `required` fails without native TensorFlow, `wanted` (default) says what is lost and goes on, `none` does not look
 * @property {import('./progress.mjs').Progress} [progress]   default: shown on stderr
 */

/**
 * Makes sure that packages, native TensorFlow and object storage are there. Below a second when they are.
 * Throws a SetupError, one sentence that says what to do (no network, no room, wrong Node, …).
 * @param {PrepareOptions} [options]
 * @returns {Promise<Prepared>}
 */
export async function prepare({ store = null, storage = true, native = 'wanted', progress = createProgress() } = {}) {
  checkNode();
  // The AWS SDK says at every start what `ganway doctor` is for.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const executor = wantedExecutor();
  const cache = cacheFolder();
  const stop = () => process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    const compute = async () => {
      await installDependencies({ checkout, cache, progress });
      return native === 'none' ? null : nativeOrNull(native, { checkout, cache, progress, executor });
    };
    const found = storage ? prepareStorage({ cache, progress, wanted: store }) : NO_STORAGE;
    const [nativeDir, storageFound] = await Promise.all([compute(), found]);
    return { cacheDir: cache, nativeDir, executor, ...storageFound };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
    progress.close();
  }
}

const NO_STORAGE = { storeKind: /** @type {const} */ ('embedded'), minioPath: null, s3: null };

/** @param {'required' | 'wanted'} native @param {import('./native.mjs').NativeOptions} options */
async function nativeOrNull(native, options) {
  try {
    return await prepareNative(options);
  } catch (error) {
    if (native === 'required' || !(error instanceof NativeUnavailable)) throw error;
    options.progress.note(`TensorFlow: ${error.message}`);
    return null;
  }
}

/**
 * The value of `--store` among a command's arguments; null where it is not given.
 * @param {readonly string[]} argv
 * @returns {'minio' | 'embedded' | null}
 */
export function storeArgument(argv) {
  const at = argv.findIndex((word) => word === '--store' || word.startsWith('--store='));
  if (at < 0) return null;
  const value = argv[at] === '--store' ? argv[at + 1] : argv[at]?.slice('--store='.length);
  if (value === 'minio' || value === 'embedded') return value;
  throw new SetupError(`--store is minio or embedded, not ${value ?? 'nothing'}.`);
}
