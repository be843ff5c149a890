/** Types of `prepare.mjs`, which is plain JavaScript because it runs before any package is installed. */
import type { Progress } from './progress.mjs';

/** What the set-up found or made. */
export interface Prepared {
  /** Root of the user's cache. */
  readonly cacheDir: string;
  /** Folder of `libtensorflow_cc.so.2`, `libtensorflow_framework.so.2` and `tfjs_binding.node`; null where this machine cannot have it. */
  readonly nativeDir: string | null;
  /** `minio`: start the server at `minioPath`; `external`: use `s3`; `embedded`: files under the home folder. */
  readonly storeKind: 'minio' | 'external' | 'embedded';
  /** Not null when `storeKind` is `minio`. */
  readonly minioPath: string | null;
  /** Not null when `storeKind` is `external`: the endpoint given by `GANWAY_S3_*`. */
  readonly s3: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  } | null;
}

export interface PrepareOptions {
  /** Forces a store (`--store`); default: the best that can be had. A forced one that cannot be had is an error. */
  readonly store?: 'minio' | 'embedded' | null;
  /** False: the command needs no object storage. Default true. */
  readonly storage?: boolean;
  /** `required` fails without native TensorFlow, `wanted` (default) says what is lost and goes on, `none` does not look. */
  readonly native?: 'required' | 'wanted' | 'none';
  /** Default: shown on stderr. */
  readonly progress?: Progress;
}

/**
 * Makes sure that packages, native TensorFlow and object storage are there. Below a second when they are.
 *
 * @throws SetupError one sentence that says what to do (no network, no room, wrong Node, …).
 */
export function prepare(options?: PrepareOptions): Promise<Prepared>;

/** The value of `--store` among a command's arguments; null where it is not given. Throws SetupError on any other value. */
export function storeArgument(argv: readonly string[]): 'minio' | 'embedded' | null;
