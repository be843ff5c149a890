/** The composition root of the functions: environment to clients to domain, once a cold start; no request passes through here. */
import { randomBytes } from 'node:crypto';
import { EngineError } from '../batch/engine/errors.ts';
import { estimateMemory } from '../batch/engine/program/memory.ts';
import { learnedState } from '../batch/engine/program/state.ts';
import { plannedProgram } from '../batch/models/planned.ts';
import type { Ganway, Viewer } from '../graph/ganway.ts';
import type { TrainSpec } from '../graph/spec/spec.ts';
import type { TensorType } from '../graph/spec/tensors.ts';
import type { JobQueue, Sockets, UrlSigner } from '../graph/storage/ports.ts';
import { openBatchQueue } from '../infra/clients/batch-queue.ts';
import { localSigner } from '../infra/clients/local-signer.ts';
import { openStoreOf } from '../infra/clients/open-store.ts';
import { openPresigner } from '../infra/clients/presigner.ts';
import { openSockets } from '../infra/clients/sockets.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type Env, readEnv } from './env.ts';
import { createLog, type Log } from './log.ts';

export interface Wired {
  readonly env: Env;
  readonly g: Ganway;
  readonly log: Log;
  /** Null where the environment names none: then nothing can be sent to who watches. */
  readonly sockets: Sockets | null;
  /** The viewer that the headers of a request prove; null where they prove none, which is always without accounts. */
  readonly authenticate: () => Promise<Viewer | null>;
  /** The viewer of an id as of now; null where there is none any more. */
  readonly viewer: (id: string) => Promise<Viewer | null>;
}

let coldStart: Wired | undefined;

/** Everything a handler needs. Without an argument: of the process's own environment, made once. */
export function wire(env?: Env): Wired {
  if (env) return connect(env);
  coldStart ??= connect(readEnv());
  return coldStart;
}

function connect(env: Env): Wired {
  const user: Viewer | null = env.automaticUser ? localUser(env.project) : null;
  return {
    env,
    log: createLog(env.logLevel),
    sockets: socketsOf(env),
    authenticate: async () => user,
    viewer: async (id) => (id === user?.id ? user : null),
    g: {
      store: openStoreOf(env.storage),
      queue: queueOf(env),
      signer: signerOf(env),
      now: () => new Date(),
      random: (bytes) => randomBytes(bytes),
      memoryMb,
      learned,
      whyWholeBatch,
      settings: {
        version: packageJson.version,
        defaultProject: env.project,
        slot: env.slot,
        jobEnvironment: env.jobEnvironment,
        ...(env.launchSecret && { launchSecret: env.launchSecret }),
        maxOpenRuns: env.maxOpenRuns,
      },
    },
  };
}

/** The one who sits before the machine. */
function localUser(project: string): Viewer {
  return { id: 'local', name: 'Local user', projects: [{ id: project, name: project, role: 'ADMIN' }] };
}

function queueOf({ queue: { endpoint, credentials, ...queue } }: Env): JobQueue {
  return openBatchQueue({ ...queue, ...(endpoint && { endpoint }), ...(credentials && { credentials }) });
}

function socketsOf({ sockets }: Env): Sockets | null {
  if (sockets === null) return null;
  const { credentials, ...names } = sockets;
  return openSockets({ ...names, ...(credentials && { credentials }) });
}

function signerOf({ linkSecret, storage }: Env): UrlSigner {
  if (linkSecret) return localSigner(linkSecret);
  if (storage.kind === 's3') return openPresigner(storage.s3);
  throw new TypeError('An environment without S3 and without a link secret came past readEnv.');
}

/** Peak memory of a trainer in MiB, from the lifetimes of all tensors of its program. */
export function memoryMb(spec: TrainSpec): number {
  return Math.ceil(estimateMemory(plannedProgram(spec)).total / 2 ** 20);
}

/** What a training of a spec learns, from the state of its program; it is the same however a batch is split. */
export function learned(spec: TrainSpec): readonly TensorType[] {
  return learnedState(plannedProgram({ ...spec, microBatches: 1 }).state);
}

/** The words of the first layer that refuses to see only a part of the batch; null where none does. */
export function whyWholeBatch(spec: TrainSpec): string | null {
  try {
    plannedProgram(spec);
    return null;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'BATCH') return `${error.message}.`;
    throw error;
  }
}
