/** What the tests of the API stand on: the domain over a real store in a fresh folder, and a queue that never gets round to a job; no test. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutionResult, graphql } from 'graphql';
import type { Ganway, Viewer } from '../../graph/ganway.ts';
import { FREE, type Money } from '../../graph/money/machine.ts';
import { createContext } from '../../graph/resolvers/context.ts';
import type { JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { launchTraining } from '../../graph/run/launch.ts';
import { schema } from '../../graph/schema.ts';
import type { DatasetManifest } from '../../graph/spec/dataset.ts';
import { encodeJson } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { JobQueue, JobRequest } from '../../graph/storage/ports.ts';
import { openFileStore } from '../../infra/clients/file-store.ts';
import { localSigner } from '../../infra/clients/local-signer.ts';
import { learned, whyWholeBatch } from '../wire.ts';

export const ORIGIN = 'http://127.0.0.1:4000';
export const viewer: Viewer = {
  id: 'ada',
  name: 'Ada',
  projects: [{ id: 'lab', name: 'Laboratory', role: 'ADMIN' }],
};
export const stranger: Viewer = { id: 'eve', name: 'Eve', projects: [{ id: 'other', name: 'Other', role: 'ADMIN' }] };

/** A moment of the journal, `seconds` after its first. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();

export interface World {
  readonly g: Ganway;
  /** Every job that was submitted. */
  readonly jobs: readonly JobRequest[];
  /** Executes an operation as the viewer, or as somebody else. */
  query(source: string, variables?: Record<string, unknown>, as?: Viewer): Promise<ExecutionResult>;
  /** A training that has been launched. */
  newRun(name?: string): Promise<string>;
  say(runId: string, ...events: readonly JournalEvent[]): Promise<void>;
  close(): void;
}

/**
 * Opens a world with the data set `digits` in it, whose clock moves a millisecond whenever it is looked at.
 *
 * @param money what there is to rent, by default nothing
 */
export async function openWorld(money: Money = FREE): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ganway-api-'));
  const jobs: JobRequest[] = [];
  let ticks = 0;
  const g: Ganway = {
    store: openFileStore(folder),
    queue: patientQueue(jobs),
    signer: localSigner(randomBytes(32)),
    now: () => new Date(Date.parse(at(0)) + ticks++),
    random: (bytes) => randomBytes(bytes),
    memoryMb: () => 500,
    stepFlops: () => 1e9,
    learned,
    whyWholeBatch,
    settings: {
      version: '1.2.3',
      defaultProject: 'lab',
      slot: { threads: 2, gpus: 0, memoryMb: 4096 },
      jobEnvironment: {},
      maxOpenRuns: 50,
      money,
    },
  };
  await g.store.put(keys.datasetManifest('digits'), encodeJson(digits));
  return {
    g,
    jobs,
    query: (source, variableValues = {}, as = viewer) =>
      graphql({ schema, source, variableValues, contextValue: createContext(g, as, ORIGIN) }),
    newRun: async (name = 'a run') => {
      const training = { preset: 'article-dcgan', dataset: 'digits', name, kimg: 3.2, batchSize: 32, seed: 7 };
      const launched = await launchTraining(g, viewer, { idempotencyKey: randomUUID(), training });
      if (launched.kind !== 'launched') throw new Error(JSON.stringify(launched));
      return launched.run.file.runId;
    },
    say: async (runId, ...events) => {
      await append(g, runId, () => events);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function patientQueue(jobs: JobRequest[]): JobQueue {
  const known = () =>
    jobs.map(({ name }, index) => ({ id: `job-${index + 1}`, name, status: 'RUNNABLE' as const, attempts: [] }));
  return {
    submit: async (request) => ({ jobId: `job-${jobs.push(request)}` }),
    describe: async (ids) => known().filter(({ id }) => ids.includes(id)),
    findByName: async (wanted) => known().filter(({ name }) => name === wanted),
    terminate: async () => undefined,
  };
}

const digits: DatasetManifest = {
  v: 1,
  id: 'digits',
  name: 'Digits',
  images: 10_000,
  width: 28,
  height: 28,
  channels: 1,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  bytes: 7_840_128,
  shards: [{ images: 'images-00000.npy', count: 10_000, sha256: '0'.repeat(64), bytes: 7_840_128 }],
  source: { kind: 'mnist', skipped: [{ name: 'notes.txt', reason: 'no image' }], skippedTotal: 1 },
};
