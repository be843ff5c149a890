/** The composition root of the functions: environment to clients to domain, once a cold start; no request passes through here. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { EngineError } from '../batch/engine/errors.ts';
import { countFlops } from '../batch/engine/program/count.ts';
import { estimateMemory } from '../batch/engine/program/memory.ts';
import { learnedState } from '../batch/engine/program/state.ts';
import { plannedProgram } from '../batch/models/planned.ts';
import type { Ganway, Viewer } from '../graph/ganway.ts';
import { FREE, type Money } from '../graph/money/machine.ts';
import { machinesIn } from '../graph/money/prices.ts';
import type { TrainSpec } from '../graph/spec/spec.ts';
import type { TensorType } from '../graph/spec/tensors.ts';
import type { JobQueue, Sockets, UrlSigner } from '../graph/storage/ports.ts';
import { openBatchQueue } from '../infra/clients/batch-queue.ts';
import { localSigner } from '../infra/clients/local-signer.ts';
import { openOidc } from '../infra/clients/oidc.ts';
import { openStoreOf } from '../infra/clients/open-store.ts';
import { openPresigner } from '../infra/clients/presigner.ts';
import { openSockets } from '../infra/clients/sockets.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type Env, readEnv } from './env.ts';
import { type Identity, openIdentity } from './identity.ts';
import { createLog, type Log } from './log.ts';

export interface Wired extends Identity {
  readonly env: Env;
  readonly g: Ganway;
  readonly log: Log;
  /** Null where the environment names none: then nothing can be sent to who watches. */
  readonly sockets: Sockets | null;
}

let coldStart: Wired | undefined;

/** Everything a handler needs. Without an argument: of the process's own environment, made once. */
export function wire(env?: Env): Wired {
  if (env) return connect(env);
  coldStart ??= connect(readEnv());
  return coldStart;
}

function connect(env: Env): Wired {
  const g: Ganway = {
    store: openStoreOf(env.storage),
    queue: queueOf(env),
    signer: signerOf(env),
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
    memoryMb,
    stepFlops,
    learned,
    whyWholeBatch,
    settings: {
      version: packageJson.version,
      defaultProject: env.project,
      slot: env.slot,
      jobEnvironment: env.jobEnvironment,
      ...(env.launchSecret && { launchSecret: env.launchSecret }),
      maxOpenRuns: env.maxOpenRuns,
      money: moneyOf(env),
    },
  };
  return { env, log: createLog(env.logLevel), sockets: socketsOf(env), g, ...identityOf(env, g) };
}

function identityOf({ automaticUser, oidc, project }: Env, g: Ganway): Identity {
  return openIdentity({
    g,
    user: automaticUser ? localUser(project) : null,
    verify: oidc && openOidc(oidc),
    admins: { subjects: oidc?.admins ?? [], project },
  });
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

/** What a launch or a plan asks of a program. */
interface Needs {
  readonly memoryMb: number;
  readonly stepFlops: number;
}

/** What is known of programs by now: to build one takes longer than all else that a launch computes. */
const known = new LRUCache<string, Needs>({ max: 500 });

function needsOf(spec: TrainSpec): Needs {
  // Neither its numbers nor its length change what a program needs.
  const key = JSON.stringify({ ...spec, seed: 0, kimg: 0, steps: 0 });
  const before = known.get(key);
  if (before) return before;
  const program = plannedProgram(spec);
  const memoryMb = Math.ceil(estimateMemory(program).total / 2 ** 20);
  const needs = { memoryMb, stepFlops: countFlops(program, 'train') };
  known.set(key, needs);
  return needs;
}

/** Peak memory of a trainer in MiB, from the lifetimes of all tensors of its program. */
export const memoryMb = (spec: TrainSpec): number => needsOf(spec).memoryMb;

/** Floating-point operations of one step of a spec. */
const stepFlops = (spec: TrainSpec): number => needsOf(spec).stepFlops;

/** What there is to rent where the queue has a job definition a size, and what the slots of any other cost. */
function moneyOf({ queue: { region, jobDefinitionPrefix, jobQueues, sizeQueues }, slotUsdPerHour }: Env): Money {
  if (jobDefinitionPrefix === null) return { ...FREE, slotUsdPerHour };
  const machines = machinesIn(region);
  return {
    machines: machines.filter(({ size, spot }) =>
      sizeQueues === null ? spot || jobQueues.onDemand !== null : sizeQueues.sizes.includes(size.id),
    ),
    // Small tasks are not worth a restart.
    tasks: machines.find(({ size, spot }) => size.gpus === 0 && !spot) ?? null,
    slotUsdPerHour: null,
  };
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
