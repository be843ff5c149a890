/** What the tests of runs stand on: the domain over a real store and the real local queue, with a clock they move; no test. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStatus } from '../../../functions/status.ts';
import { openBatchQueue } from '../../../infra/clients/batch-queue.ts';
import { localSigner } from '../../../infra/clients/local-signer.ts';
import { openStore } from '../../../infra/clients/open-store.ts';
import { type LocalQueue, startQueue } from '../../../infra/local/queue/queue.ts';
import type { BatchJobStateChange } from '../../../infra/local/queue/state-change.ts';
import type { Ganway, Viewer } from '../../ganway.ts';
import { FREE } from '../../money/machine.ts';
import type { DatasetManifest } from '../../spec/dataset.ts';
import { encodeJson } from '../../storage/json.ts';
import { keys } from '../../storage/keys.ts';
import type { ObjectStore } from '../../storage/ports.ts';
import type { EventOf, JournalEvent } from '../events.ts';
import { append } from '../journal.ts';
import { type LaunchOutcome, launchTraining } from '../launch.ts';
import { loadAnyRun, type Snapshot } from '../load.ts';

/** The S3 endpoint of `inject('s3')`. */
interface S3 {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Each kind of store there is on this machine, opened afresh at each call, as another process would. */
export function stores(s3: S3 | null, folder: string): Record<string, () => ObjectStore> {
  return {
    'the embedded store': () => openStore({ GANWAY_EMBEDDED_STORE: folder }),
    ...(s3 && {
      MinIO: () =>
        openStore({
          GANWAY_S3_ENDPOINT: s3.endpoint,
          GANWAY_S3_BUCKET: s3.bucket,
          GANWAY_S3_REGION: s3.region,
          GANWAY_S3_ACCESS_KEY_ID: s3.accessKeyId,
          GANWAY_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        }),
    }),
  };
}

export interface Bench {
  readonly g: Ganway;
  /** A project of this bench's own: several may share a store. */
  readonly projectId: string;
  readonly viewer: Viewer;
  readonly queue: LocalQueue;
  readonly folder: string;
  /** Moves the domain's clock. The queue keeps its own. */
  advance(milliseconds: number): void;
  /** Moves the queue's clock, by less than the five minutes that signatures bear. */
  advanceQueue(milliseconds: number): void;
  /** Loses the replies to submissions while true. */
  loseReplies: boolean;
  /** Lets the queue's news reach the runs while true, which is not so at first. */
  hearQueue: boolean;
  launch(key?: string, kimg?: number): Promise<LaunchOutcome>;
  /** Launches and returns the run. */
  newRun(): Promise<Snapshot>;
  say(runId: string, ...events: readonly JournalEvent[]): Promise<Snapshot>;
  /** The run as it is now, deleted ones too. @throws where there is none */
  now(runId: string): Promise<Snapshot>;
  /** Names of all jobs there ever were, in the order of their names. */
  jobNames(): string[];
  /** Resolves once the queue says that a job of this name has this status. */
  reached(name: string, status: string): Promise<BatchJobStateChange>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly store?: ObjectStore;
  /** What each container does: a shell script. Default: nothing, for as long as it may. */
  readonly script?: string;
  readonly slots?: number;
  /** Age at which jobs are listed, by a clock of the queue that only {@link Bench.advanceQueue} moves where this is given. */
  readonly listLagMs?: number;
  /** Stands between the domain and the queue: told the queue's endpoint, it gives the one to use. */
  readonly endpointOf?: (endpoint: string) => Promise<string>;
  readonly maxOpenRuns?: number;
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'secret of the test' };
const region = 'us-east-1';

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const { script = 'exec sleep 600', slots = 1, listLagMs = 0, maxOpenRuns = 1000, endpointOf } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ganway-runs-'));
  const store = options.store ?? openStore({ GANWAY_EMBEDDED_STORE: join(folder, 'store') });
  const projectId = `p${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const viewer: Viewer = { id: 'ada', name: 'Ada', projects: [{ id: projectId, name: 'Laboratory', role: 'ADMIN' }] };
  const events: BatchJobStateChange[] = [];
  const waiting = new Set<(event: BatchJobStateChange) => void>();
  let [ahead, queueAhead] = [0, 0];
  const startedAt = Date.now();
  const queue = await startQueue({
    home: join(folder, 'queue'),
    slots,
    credentials,
    region,
    command: { file: '/bin/sh', args: ['-c', script], cwd: folder, env: { PATH: process.env.PATH ?? '' } },
    onStateChange: async (event) => {
      if (bench.hearQueue) await makeStatus(g)(event);
      events.push(event);
      for (const look of [...waiting]) look(event);
    },
    killGraceMs: 2000,
    now: () => (listLagMs > 0 ? startedAt : Date.now()) + queueAhead,
    onSubmitReply: () => (bench.loseReplies ? 'drop' : 'send'),
    listLagMs,
    report: () => {},
  });
  const names = { jobQueues: { training: 'ganway', tasks: 'ganway-tasks' }, jobDefinition: 'ganway-trainer' };
  const endpoint = endpointOf ? await endpointOf(queue.endpoint) : queue.endpoint;
  const g: Ganway = {
    store,
    queue: openBatchQueue({ endpoint, region, credentials, ...names }),
    signer: localSigner(randomBytes(32)),
    now: () => new Date(Date.now() + ahead),
    random: (bytes) => randomBytes(bytes),
    memoryMb: () => 500,
    stepFlops: () => null,
    learned: () => [],
    whyWholeBatch: () => null,
    settings: {
      version: '1.2.3',
      defaultProject: projectId,
      slot: { threads: 2, gpus: 0, memoryMb: 4096 },
      jobEnvironment: {},
      maxOpenRuns,
      money: FREE,
    },
  };
  await store.put(keys.datasetManifest('digits'), encodeJson(digits));
  const now = async (runId: string): Promise<Snapshot> => {
    const run = await loadAnyRun(store, runId);
    if (!run) throw new RangeError(`There is no run ${runId}.`);
    return run;
  };
  const launch = (key: string = randomUUID(), kimg = 3.2): Promise<LaunchOutcome> =>
    launchTraining(g, viewer, {
      idempotencyKey: key,
      training: { preset: 'article-dcgan', dataset: 'digits', kimg, name: 'a run' },
    });
  const bench: Bench = {
    ...{ g, projectId, viewer, queue, folder, launch, now },
    loseReplies: false,
    hearQueue: false,
    advance(milliseconds) {
      ahead += milliseconds;
    },
    advanceQueue(milliseconds) {
      queueAhead += milliseconds;
    },
    async newRun() {
      const launched = await launch();
      if (launched.kind !== 'launched') throw new Error(JSON.stringify(launched));
      return launched.run;
    },
    say: async (runId, ...said) => (await append({ store }, runId, () => said)).snapshot,
    jobNames: () =>
      queue
        .jobs()
        .map(({ jobName }) => jobName)
        .sort(),
    reached(name, status) {
      const fits = ({ detail }: BatchJobStateChange) => detail.jobName === name && detail.status === status;
      return new Promise((resolve) => {
        const past = events.find(fits);
        if (past) return resolve(past);
        const look = (event: BatchJobStateChange) => {
          if (!fits(event)) return;
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
      });
    },
    async close() {
      await queue.close({ graceful: false });
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return bench;
}

export const digits: DatasetManifest = {
  v: 1,
  id: 'digits',
  name: 'Digits',
  images: 10_000,
  width: 28,
  height: 28,
  channels: 1,
  classes: [],
  bytes: 7_840_128,
  shards: [{ images: 'images-00000.npy', count: 10_000, sha256: '0'.repeat(64), bytes: 7_840_128 }],
  source: { kind: 'mnist', skipped: [], skippedTotal: 0 },
};

const AT = '2026-01-01T00:00:00.000Z';

export const attemptStarted = (
  attempt: number,
  jobId: string,
  more: Partial<EventOf<'ATTEMPT_STARTED'>> = {},
): JournalEvent => ({
  type: 'ATTEMPT_STARTED',
  at: AT,
  attempt,
  launch: 1,
  jobId,
  cause: 'START',
  resumedFromStep: null,
  trainerVersion: '0',
  host: null,
  device: null,
  exact: true,
  differs: [],
  ...more,
});
export const trainingStarted = (attempt: number, at = AT): JournalEvent => ({
  type: 'TRAINING_STARTED',
  at,
  attempt,
  step: 0,
});
export const runEnded = (phase: 'SUCCEEDED' | 'FAILED' | 'STOPPED', at = AT): JournalEvent => ({
  type: 'RUN_ENDED',
  at,
  phase,
  reason: null,
});
