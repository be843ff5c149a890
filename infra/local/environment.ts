/** What the local stack tells its functions and its jobs: the environment a deployment would give them. */
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Secrets } from './home.ts';
import type { Storage } from './storage.ts';

export interface Surroundings {
  readonly home: string;
  readonly secrets: Secrets;
  readonly cacheDir: string;
  readonly nativeDir: string | null;
  readonly executor: string | null;
  readonly slots: number;
  readonly gpus: number;
  readonly storage: Pick<Storage, 'environment' | 'access' | 'sts'>;
}

/** URLs of what listens beside the gateway. */
export interface Endpoints {
  readonly queue: string;
  readonly sockets: string;
}

/** MinIO asks for none, but AWS's client must name one. */
const RUN_ROLE = 'arn:aws:iam::000000000000:role/ganway-run';

/** Memory that the stack itself and the rest of the machine keep, MiB. */
const RESERVED_MB = 1024;

/**
 * Bytes that this process may use: those of the machine, or of the control group it is confined to.
 *
 * @param constrained as Node tells it: undefined or 0 where it does not know, beyond the machine's where there is no limit
 */
export function memoryOf(total: number, constrained: number | undefined): number {
  return constrained !== undefined && constrained > 0 ? Math.min(total, constrained) : total;
}

/** What functions/env.ts reads. */
export function functionEnvironment(around: Surroundings, endpoints: Endpoints): Record<string, string> {
  const { secrets, storage, slots } = around;
  const memory = memoryOf(totalmem(), process.constrainedMemory());
  const price = process.env.GANWAY_SLOT_USD_PER_HOUR;
  const memoryMb = Math.max(1024, Math.floor((memory / 2 ** 20 - RESERVED_MB) / slots));
  return {
    ...storage.environment,
    GANWAY_QUEUE_ENDPOINT: endpoints.queue,
    GANWAY_QUEUE_REGION: storage.access.region,
    GANWAY_QUEUE_ACCESS_KEY_ID: secrets.accessKeyId,
    GANWAY_QUEUE_SECRET_ACCESS_KEY: secrets.secretAccessKey,
    GANWAY_SOCKETS_ENDPOINT: endpoints.sockets,
    GANWAY_SOCKETS_REGION: storage.access.region,
    GANWAY_SOCKETS_ACCESS_KEY_ID: secrets.accessKeyId,
    GANWAY_SOCKETS_SECRET_ACCESS_KEY: secrets.secretAccessKey,
    GANWAY_LINK_SECRET: secrets.signing,
    ...launchEnvironment(around),
    GANWAY_SLOT_THREADS: String(Math.max(1, Math.floor(availableParallelism() / slots))),
    GANWAY_SLOT_GPUS: String(around.gpus),
    GANWAY_SLOT_MEMORY_MB: String(memoryMb),
    ...(price && { GANWAY_SLOT_USD_PER_HOUR: price }),
    GANWAY_JOB_ENVIRONMENT: JSON.stringify(jobEnvironment(around)),
    GANWAY_SCHEME: 'http',
    GANWAY_AUTOMATIC_USER: '1',
    GANWAY_LOG_LEVEL: process.env.GANWAY_LOG_LEVEL ?? 'warn',
    ...(process.env.GANWAY_MAX_OPEN_RUNS && { GANWAY_MAX_OPEN_RUNS: process.env.GANWAY_MAX_OPEN_RUNS }),
  };
}

/** What it takes to give jobs their credentials, where the storage can: tokens are signed as links are, as another kind of message. */
function launchEnvironment({ secrets, storage: { sts } }: Surroundings): Record<string, string> {
  if (sts === null) return {};
  return {
    GANWAY_LAUNCH_SECRET: secrets.signing,
    GANWAY_RUN_ROLE_ARN: RUN_ROLE,
    GANWAY_STS_ENDPOINT: sts.endpoint,
    GANWAY_STS_ACCESS_KEY_ID: sts.accessKeyId,
    GANWAY_STS_SECRET_ACCESS_KEY: sts.secretAccessKey,
  };
}

/** What every job is given on top of its run's own. Nothing secret: the queue shows it to whoever describes a job. */
function jobEnvironment({ home, cacheDir, nativeDir, executor }: Surroundings): Record<string, string> {
  return {
    GANWAY_CACHE: cacheDir,
    GANWAY_WORK: join(home, 'work'),
    ...(nativeDir !== null && { GANWAY_NATIVE: nativeDir }),
    ...(executor !== null && { GANWAY_EXECUTOR: executor }),
  };
}

/**
 * What the queue's entry gets besides: the way to the storage, and what a program needs to run at all. Where the storage
 * gives out credentials for a part of it, the way to those is all it gets.
 *
 * @param credentialsUrl where jobs exchange their tokens
 */
export function entryEnvironment({ storage }: Surroundings, credentialsUrl: string): Record<string, string> {
  const secret = /_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/;
  const way = Object.entries(storage.environment).filter(([name]) => storage.sts === null || !secret.test(name));
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'];
  const kept = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(way),
    ...(storage.sts !== null && { GANWAY_CREDENTIALS_URL: credentialsUrl }),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
