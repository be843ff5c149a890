/** Runs written by hand, through the journal and by its law, so that reading and delivery can be measured without a trainer. */
import { createHash, randomBytes } from 'node:crypto';
import type { EventOf, JournalEvent } from '../../../graph/run/events.ts';
import { saveHead } from '../../../graph/run/head.ts';
import { append } from '../../../graph/run/journal.ts';
import type { Snapshot } from '../../../graph/run/load.ts';
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import { encodeJson, JSON_TYPE } from '../../../graph/storage/json.ts';
import { keys } from '../../../graph/storage/keys.ts';
import { newId } from '../../../graph/storage/new-id.ts';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import { specFileOf } from '../training.ts';

const ATTEMPT = 1;
const JOB = 'made-by-hand';

export interface MadeRun {
  readonly id: string;
  /** Appends events as one segment. Call it one after the other, as the one supervisor of a run does. */
  append(events: readonly JournalEvent[]): Promise<void>;
  /** Caches the head, as supervisors do every few seconds. */
  saveHead(): Promise<void>;
}

/**
 * Makes a run that computes, in the lists of a project, without a job. It has no marker of an open run: reconcile would
 * ask the queue for its job and end it.
 */
export async function makeRun(store: ObjectStore, projectId: string, spec: TrainSpec): Promise<MadeRun> {
  const id = newId({ now: () => new Date(), random: (bytes) => randomBytes(bytes) }, projectId);
  const file = specFileOf(id, spec, 'made by a benchmark');
  await store.create(keys.index(id), new Uint8Array());
  await store.create(keys.spec(id), encodeJson(file), JSON_TYPE);
  let snapshot: Snapshot | undefined;
  const run: MadeRun = {
    id,
    append: async (events) => {
      ({ snapshot } = await append({ store }, id, () => events, snapshot));
    },
    saveHead: async () => {
      if (snapshot) await saveHead(store, id, snapshot.state);
    },
  };
  const at = now();
  const attempt = ATTEMPT;
  await run.append([{ type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' }]);
  await run.append([{ type: 'JOB_SUBMITTED', at, launch: 1, jobId: JOB }]);
  await run.append([
    {
      type: 'ATTEMPT_STARTED',
      at,
      attempt,
      launch: 1,
      jobId: JOB,
      cause: 'START',
      resumedFromStep: null,
      trainerVersion: 'bench',
      host: null,
      device: null,
      exact: true,
      differs: [],
    },
  ]);
  await run.append([{ type: 'TRAINING_STARTED', at, attempt, step: 0 }]);
  return run;
}

/** A row with the metrics that a DCGAN writes. */
export function metricsAt(step: number): EventOf<'METRICS'> {
  const values = {
    'loss/discriminator': 1.2 + Math.sin(step) / 10,
    'loss/generator': 1 + Math.cos(step) / 10,
    'score/real': 0.61,
    'score/fake': 0.37,
    'rate/images_per_second': 1600 + (step % 7),
    'rate/seconds_per_kimg': 0.625,
    'rate/memory_mb': 512,
  };
  return { type: 'METRICS', at: now(), attempt: ATTEMPT, step, kimg: step * 0.032, values };
}

/** A sheet of a step; there is no file behind it. */
export function sampleAt(runId: string, step: number): EventOf<'SAMPLE'> {
  const set = 'raw';
  return {
    type: 'SAMPLE',
    at: now(),
    attempt: ATTEMPT,
    step,
    kimg: step * 0.032,
    set,
    trigger: 'SCHEDULE',
    key: keys.sample(runId, step, ATTEMPT, set),
    sha256: createHash('sha256').update(String(step)).digest('hex'),
    bytes: 50_000,
    width: 240,
    height: 240,
    columns: 8,
    rows: 8,
  };
}

export const succeeded = (): EventOf<'RUN_ENDED'> => ({
  type: 'RUN_ENDED',
  at: now(),
  phase: 'SUCCEEDED',
  reason: null,
});

const now = (): string => new Date().toISOString();
