/** Which object storage a command gets: an endpoint by environment, MinIO, or the embedded store; starts none of them. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runProgram } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError } from './setup-error.mjs';

/** MinIO publishes sources only since October 2025; this is the release of 2026-02-12. */
const MINIO_SOURCE = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';
/** Conditional writes were broken or silently ignored before (minio#21526, minio#21550). */
const OLDEST_RELEASE = '2025-09-07';
/** Packages that `go install -v` names on an empty build cache, for a rough percentage. */
const PACKAGES = 1300;

/**
 * @typedef {object} StorageOptions
 * @property {string} cache
 * @property {import('./progress.mjs').Progress} progress
 * @property {'minio' | 'embedded' | null} wanted   forced by `--store`; null: the best that can be had
 *
 * @param {StorageOptions} options
 * @returns {Promise<Pick<import('./prepare.mjs').Prepared, 'storeKind' | 'minioPath' | 's3'>>}
 */
export async function prepareStorage({ cache, progress, wanted }) {
  if (wanted === 'embedded') return { storeKind: 'embedded', minioPath: null, s3: null };
  const s3 = wanted === null ? endpointOf(process.env) : null;
  if (s3) return { storeKind: 'external', minioPath: null, s3 };
  const found = await findMinio(cache, progress);
  if (found) return { storeKind: 'minio', minioPath: found, s3: null };
  const problem = await buildMinio(cache, progress).then(
    () => null,
    (/** @type {unknown} */ error) => {
      if (error instanceof SetupError) return error;
      throw error;
    },
  );
  if (!problem) return { storeKind: 'minio', minioPath: cachedMinio(cache), s3: null };
  if (wanted === 'minio') throw problem;
  progress.note(
    `storage: ${problem.message} Ganway uses its embedded store instead: files under the home folder, for this machine alone; other S3 clients cannot look into it.`,
  );
  return { storeKind: 'embedded', minioPath: null, s3: null };
}

/** @param {string} cache */
export const cachedMinio = (cache) => join(cache, 'bin', 'minio');

/**
 * A MinIO that is there already: in the cache, or on PATH and new enough.
 * @param {string} cache
 * @param {Pick<import('./progress.mjs').Progress, 'note'>} progress
 */
export async function findMinio(cache, progress) {
  if (existsSync(cachedMinio(cache))) return cachedMinio(cache);
  const path = findProgram('minio');
  if (!path) return null;
  const { ok, tail } = await runProgram(path, ['--version']);
  const release = /RELEASE\.(\d{4}-\d{2}-\d{2})/.exec(tail)?.[1];
  if (ok && (release === undefined || release >= OLDEST_RELEASE)) return path;
  progress.note(
    `storage: ${path} is left aside, it is ${release ? `of ${release}, older than ${OLDEST_RELEASE}` : 'not usable'}.`,
  );
  return null;
}

/**
 * The endpoint given by `GANWAY_S3_*`; null where none is given.
 * @param {NodeJS.ProcessEnv} env
 */
export function endpointOf(env) {
  if (!env.GANWAY_S3_ENDPOINT) return null;
  const needed = ['GANWAY_S3_BUCKET', 'GANWAY_S3_ACCESS_KEY_ID', 'GANWAY_S3_SECRET_ACCESS_KEY'];
  const missing = needed.filter((name) => !env[name]);
  if (!URL.canParse(env.GANWAY_S3_ENDPOINT)) {
    throw new SetupError(
      `GANWAY_S3_ENDPOINT is no URL: ${env.GANWAY_S3_ENDPOINT} (expected something like https://s3.example.com).`,
    );
  }
  if (missing.length > 0) throw new SetupError(`GANWAY_S3_ENDPOINT is set, but not ${missing.join(', ')}.`);
  return {
    endpoint: env.GANWAY_S3_ENDPOINT,
    bucket: String(env.GANWAY_S3_BUCKET),
    accessKeyId: String(env.GANWAY_S3_ACCESS_KEY_ID),
    secretAccessKey: String(env.GANWAY_S3_SECRET_ACCESS_KEY),
    region: env.GANWAY_S3_REGION || 'us-east-1',
  };
}

/** @param {string} cache @param {import('./progress.mjs').Progress} progress */
async function buildMinio(cache, progress) {
  const go = findProgram('go');
  const ways = 'Install Go 1.21 or later (https://go.dev/dl) or put a minio on PATH, then run the command again.';
  if (!go) throw new SetupError(`There is no MinIO on this machine and no Go to build one. ${ways}`);
  const step = progress.step('MinIO');
  try {
    await withLock(
      `${cachedMinio(cache)}.lock`,
      async () => {
        if (existsSync(cachedMinio(cache))) return;
        progress.note('storage: MinIO is built from its source, once. This takes about four minutes.');
        const folder = join(cache, 'bin', '.build');
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' };
        let packages = 0;
        const { ok, how, tail } = await runProgram(go, ['install', '-v', '-trimpath', '-ldflags=-s -w', MINIO_SOURCE], {
          env,
          onLine: (line) => {
            if (line.startsWith('go: downloading')) step.now(line.slice(4));
            else
              step.now(
                `${++packages} packages compiled, about ${Math.min(99, Math.floor((100 * packages) / PACKAGES))} %`,
              );
          },
        });
        if (!ok)
          throw new SetupError(
            `go install could not build MinIO (${how}): ${tail.split('\n').slice(-5).join('\n')}\n${ways}`,
          );
        renameSync(join(folder, 'minio'), cachedMinio(cache));
        rmSync(folder, { recursive: true, force: true });
        step.done('built');
      },
      { onWait: (holder) => step.now(`waiting for ${holder}, which builds it`) },
    );
  } finally {
    step.done();
  }
}
