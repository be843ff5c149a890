import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ganway } from '../ganway.ts';
import type { JournalEvent } from '../run/events.ts';
import { launchTraining } from '../run/launch.ts';
import type { Snapshot } from '../run/load.ts';
import { reconcile } from '../run/reconcile.ts';
import { recordJob } from '../run/record-job.ts';
import { resumeRun } from '../run/resume.ts';
import { attemptStarted, type Bench, openBench, trainingStarted } from '../run/testing/bench.ts';
import { updateRun } from '../run/update.ts';
import type { LimitsInput } from '../spec/input.ts';
import type { JobQueue, JobRequest } from '../storage/ports.ts';
import { limitReached, limitsOf, RESERVE_SECONDS } from './limits.ts';
import { FREE } from './machine.ts';
import { spentOf } from './spent.ts';

const HOST_LOST = 'Host EC2 (instance i-0) terminated.';
/** A dollar a second. */
const DOLLAR_A_SECOND = 3600;

let bench: Bench;
let g: Ganway;
/** The domain's clock, which stands still. */
let time: number;
/** What was submitted since the test began. */
let submitted: JobRequest[];
beforeAll(async () => {
  bench = await openBench({ slots: 0 });
});
afterAll(() => bench.close());
beforeEach(() => {
  submitted = [];
  time = Date.now();
  g = priced(DOLLAR_A_SECOND);
});

/** The domain over a queue that accepts every job and begins none, whose slots have a price. */
function priced(slotUsdPerHour: number | null): Ganway {
  const submit: JobQueue['submit'] = (request) => {
    submitted.push(request);
    return bench.g.queue.submit(request);
  };
  return {
    ...bench.g,
    now: () => new Date(time),
    queue: { ...bench.g.queue, submit },
    settings: { ...bench.g.settings, money: { ...FREE, slotUsdPerHour } },
  };
}

async function launched(limits: LimitsInput): Promise<Snapshot> {
  const outcome = await launchTraining(g, bench.viewer, {
    idempotencyKey: randomUUID(),
    training: { dataset: 'digits', kimg: 3.2, limits },
  });
  if (outcome.kind !== 'launched') throw new Error(JSON.stringify(outcome));
  return outcome.run;
}

const seconds = (count: number): void => {
  time += count * 1000;
};
const now = (): string => g.now().toISOString();
const say = (run: Snapshot, ...events: readonly JournalEvent[]) => bench.say(run.file.runId, ...events);
const newest = (run: Snapshot): Promise<Snapshot> => bench.now(run.file.runId);
const launchOf = async (run: Snapshot) => {
  const launch = (await newest(run)).state.launches.at(-1);
  if (!launch?.jobId) throw new Error('The run has no job.');
  return { number: launch.launch, jobId: launch.jobId };
};

/** One container of a run from its claim to `length` seconds later, with a checkpoint; then its host is taken away. */
async function loseContainer(run: Snapshot, attempt: number, container: number, length: number): Promise<void> {
  const { number, jobId } = await launchOf(run);
  await say(
    run,
    attemptStarted(attempt, jobId, { at: now(), launch: number, container, resumedFromStep: null }),
    trainingStarted(attempt, now()),
  );
  seconds(length);
  const sealed = { step: attempt, kimg: 1, trigger: 'SIGNAL', manifest: `m${attempt}`, bytes: 1 } as const;
  await say(run, { type: 'CHECKPOINT_SEALED', at: now(), attempt, ...sealed });
}

/** The queue gives the job of the newest launch up, after its last host. */
async function exhausted(run: Snapshot): Promise<Snapshot> {
  const { number, jobId } = await launchOf(run);
  const fact = { status: 'FAILED', attempts: 10, statusReason: HOST_LOST } as const;
  const after = await recordJob(g, { runId: run.file.runId, launch: number, jobId, ...fact });
  if (!after) throw new Error('The run is gone.');
  return after;
}

describe('a run with a budget', () => {
  it('is launched again after lost hosts while something is left, at the price of the day, and not beyond', async () => {
    const run = await launched({ maxCostUsd: 1000 });
    await loseContainer(run, 1, 10, 300);
    g = priced(2 * DOLLAR_A_SECOND);
    expect((await exhausted(run)).state).toMatchObject({ phase: 'QUEUED', launches: [{}, {}] });
    await loseContainer(run, 2, 1, 100);
    expect((await exhausted(run)).state).toMatchObject({ phase: 'QUEUED', launches: [{}, {}, {}] });
    // 300 + 2 · 100 + 2 · 130 are spent, and the reserve is 240.
    await loseContainer(run, 3, 1, 130);
    const { state } = await exhausted(run);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_COST' } });
    expect(state.launches).toHaveLength(3);
    const spent = spentOf(state);
    expect(spent.usd).toBeCloseTo(760, 6);
    expect([...spent.attempts.values()].reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(spent.usd, 6);
    expect(spent.seconds).toBe(530);
    expect(spent.usd + 2 * RESERVE_SECONDS).toBe(1000);
    // What is left bounds each container, in seconds.
    expect(submitted.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([1000, 350, 250]);
  });

  it('is resumed once its cap is raised, and not before', async () => {
    const run = await launched({ maxCostUsd: 200 });
    await loseContainer(run, 1, 1, 90);
    await say(run, { type: 'RUN_ENDED', at: now(), phase: 'STOPPED', reason: null });
    const { runId } = run.file;
    const refused = await resumeRun(g, bench.viewer, runId);
    expect(refused).toMatchObject({
      kind: 'invalidState',
      message: expect.stringContaining('Raise it with updateRun'),
    });
    const raised = await updateRun(g, bench.viewer, { id: runId, limits: { maxCostUsd: 300 } });
    if (raised.kind !== 'updated') throw new Error(raised.kind);
    expect(limitsOf(run.file.spec, raised.run.state)).toEqual({
      maxCostUsd: 300,
      maxRuntime: null,
      maxQueueTime: null,
    });
    expect(await resumeRun(g, bench.viewer, runId)).toMatchObject({ kind: 'launched' });
    expect(submitted.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([200, 210]);
  });

  it('is asked to stop by reconcile where its trainer does not do so itself, and its job is ended after the grace', async () => {
    const run = await launched({ maxCostUsd: 300 });
    const { jobId } = await launchOf(run);
    await say(run, attemptStarted(1, jobId, { at: now() }), trainingStarted(1, now()));
    seconds(170);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state.phase).toBe('RUNNING');
    seconds(15);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state).toMatchObject({ phase: 'STOPPING', stopRequested: { code: 'MAX_COST' } });
    const terminated = () => bench.queue.jobs().find((job) => job.jobId === jobId)?.isTerminated;
    seconds(RESERVE_SECONDS - 10);
    await reconcile(g, bench.projectId);
    expect(terminated()).toBe(false);
    seconds(20);
    await reconcile(g, bench.projectId);
    expect(terminated()).toBe(true);
  });

  it('ends while it waits where nothing is left to begin with', async () => {
    const run = await launched({ maxCostUsd: 300 });
    await loseContainer(run, 1, 1, 250);
    await say(run, {
      type: 'JOB_STATE',
      at: now(),
      launch: 1,
      ...{ jobId: (await launchOf(run)).jobId, attempts: 1 },
      status: 'RUNNABLE',
    });
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_COST' } });
  });

  it('keeps its cap where money is free, which is then never reached', async () => {
    g = priced(null);
    const run = await launched({ maxCostUsd: 0.01 });
    await loseContainer(run, 1, 1, 1e6);
    expect(limitReached(run.file.spec, (await newest(run)).state, g.now())).toBeNull();
    expect(submitted[0]).not.toHaveProperty('timeoutSeconds');
  });

  it('is not launched where it does not even reach for the reserve', async () => {
    const training = { dataset: 'digits', limits: { maxCostUsd: RESERVE_SECONDS - 1 } };
    const outcome = await launchTraining(g, bench.viewer, { idempotencyKey: 'too low', training });
    expect(outcome).toMatchObject({ kind: 'budget', message: expect.stringContaining('$120'), plan: { offers: [] } });
    expect(submitted).toEqual([]);
  });
});

describe('maxRuntime', () => {
  it('is computing time over all attempts of all launches', async () => {
    const run = await launched({ maxRuntime: 500 });
    await loseContainer(run, 1, 10, 200);
    expect((await exhausted(run)).state.phase).toBe('QUEUED');
    seconds(3600);
    await loseContainer(run, 2, 1, 200);
    expect((await exhausted(run)).state.launches).toHaveLength(3);
    await loseContainer(run, 3, 1, 100);
    expect((await exhausted(run)).state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_RUNTIME' } });
    expect(submitted.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([1100, 900, 700]);
  });
});

describe('maxQueueTime', () => {
  it('ends a run that waits longer, and its job', async () => {
    const run = await launched({ maxQueueTime: 600 });
    const { jobId } = await launchOf(run);
    seconds(590);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state.phase).toBe('QUEUED');
    seconds(20);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_QUEUE_TIME' } });
    expect(bench.queue.jobs().find((job) => job.jobId === jobId)?.isTerminated).toBe(true);
  });

  it('does not count while the run computes, and counts anew between two attempts', async () => {
    const run = await launched({ maxQueueTime: 600 });
    await loseContainer(run, 1, 1, 900);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state.phase).toBe('RUNNING');
    await say(run, {
      type: 'JOB_STATE',
      at: now(),
      launch: 1,
      ...{ jobId: (await launchOf(run)).jobId, attempts: 1 },
      status: 'RUNNABLE',
    });
    seconds(590);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state.phase).toBe('QUEUED');
    seconds(20);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_QUEUE_TIME' } });
  });

  it('ends also a run that was never submitted', async () => {
    g = { ...g, queue: { ...g.queue, submit: () => Promise.reject(new Error('no answer')) } };
    const run = await launched({ maxQueueTime: 60 });
    seconds(61);
    await reconcile(g, bench.projectId);
    expect((await newest(run)).state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_QUEUE_TIME' } });
  });
});
