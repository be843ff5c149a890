import { describe, expect, it, onTestFinished } from 'vitest';
import { keys } from '../storage/keys.ts';
import type { JobQueue, JobStatus, ObjectStore, QueuedJob } from '../storage/ports.ts';
import { deleteRun } from './delete.ts';
import { loadHead } from './head.ts';
import type { Snapshot } from './load.ts';
import { reconcile } from './reconcile.ts';
import { recordJob } from './record-job.ts';
import { resumeRun } from './resume.ts';
import { stopRun } from './stop.ts';
import {
  attemptStarted,
  type Bench,
  type BenchOptions,
  openBench,
  runEnded,
  trainingStarted,
} from './testing/bench.ts';
import { reasonAt } from './view.ts';

const MINUTE = 60_000;

async function open(options?: BenchOptions): Promise<Bench> {
  const bench = await openBench(options);
  onTestFinished(() => bench.close());
  return bench;
}

const round = async (bench: Bench, g = bench.g) =>
  expect(await reconcile(g, bench.projectId)).toEqual({ failures: [] });
const isOpen = async (bench: Bench, { file }: Snapshot) => (await bench.g.store.head(keys.open(file.runId))) !== null;
const jobOf = ({ state }: Snapshot) => state.launches.at(-1)?.jobId ?? '';

/** Starts training, as the run's supervisor would say it. */
const train = (bench: Bench, run: Snapshot) =>
  bench.say(run.file.runId, attemptStarted(1, jobOf(run)), trainingStarted(1, bench.g.now().toISOString()));

/** The queue as DescribeJobs and ListJobs may show it: a job is seen only some time after it was accepted. */
function laggingQueue({ g }: Bench, lagMs: number): JobQueue {
  const acceptedAt = new Map<string, number>();
  const isShown = ({ id }: QueuedJob) => g.now().getTime() - (acceptedAt.get(id) ?? 0) >= lagMs;
  return {
    ...g.queue,
    submit: async (request) => {
      const accepted = await g.queue.submit(request);
      acceptedAt.set(accepted.jobId, g.now().getTime());
      return accepted;
    },
    describe: async (ids) => (await g.queue.describe(ids)).filter(isShown),
    findByName: async (name) => (await g.queue.findByName(name)).filter(isShown),
  };
}

describe('reconcile', () => {
  it('ends a run whose job the queue has forgotten, once the queue had the time to show it', async () => {
    const bench = await open();
    const run = await bench.newRun();
    await train(bench, run);
    const forgetful = { ...bench.g, queue: { ...bench.g.queue, describe: async () => [] } };
    await round(bench, forgetful);
    expect((await bench.now(run.file.runId)).state.phase).toBe('RUNNING');
    bench.advance(2 * MINUTE);
    await Promise.all([round(bench, forgetful), round(bench, forgetful)]);
    const { state } = await bench.now(run.file.runId);
    expect(state).toMatchObject({ phase: 'FAILED', reason: { code: 'LOST' }, launches: [{ status: 'LOST' }] });
    expect(state.attempts[0]).toMatchObject({ endReason: { code: 'LOST' } });
  });

  it('ends a lost job, should it turn up after all', async () => {
    const bench = await open({ slots: 0 });
    const run = await bench.newRun();
    const forgetful = { ...bench.g, queue: { ...bench.g.queue, describe: async () => [] } };
    bench.advance(2 * MINUTE);
    await round(bench, forgetful);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'FAILED', reason: { code: 'LOST' } });
    expect(bench.queue.jobs()).toMatchObject([{ isTerminated: true }]);
  });

  it('gives a job that it submits itself the time to be shown', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const { runId } = run.file;
    await bench.say(runId, runEnded('FAILED'));
    const noAnswer = () => Promise.reject(new Error('no answer'));
    await resumeRun({ ...bench.g, queue: { ...bench.g.queue, submit: noAnswer } }, bench.viewer, runId);
    bench.advance(2 * MINUTE);
    const g = { ...bench.g, queue: laggingQueue(bench, 5_000) };
    await round(bench, g);
    expect(bench.jobNames()).toEqual([`${runId}-1`, `${runId}-2`]);
    for (const milliseconds of [0, 4_000, 2_000, 2 * MINUTE]) {
      bench.advance(milliseconds);
      await round(bench, g);
      expect((await bench.now(runId)).state).toMatchObject({
        endedAt: null,
        launches: [{}, { jobId: expect.any(String) }],
      });
    }
  });

  it('hears from the queue what no event has told', async () => {
    const bench = await open({ script: 'exit 65' });
    const run = await bench.newRun();
    await bench.reached(`${run.file.runId}-1`, 'FAILED');
    expect((await bench.now(run.file.runId)).state.phase).toBe('QUEUED');
    await round(bench);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'FAILED', reason: { code: 'DIVERGED' } });
  });

  it('ends a job that does not stop in time, and not before', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const name = `${run.file.runId}-1`;
    await bench.reached(name, 'RUNNING');
    await train(bench, run);
    await stopRun(bench.g, bench.viewer, run.file.runId);
    bench.advance(2 * MINUTE - 5_000);
    await round(bench);
    expect(bench.queue.jobs()).toMatchObject([{ isTerminated: false }]);
    bench.advance(10_000);
    bench.hearQueue = true;
    await round(bench);
    expect((await bench.reached(name, 'FAILED')).detail.statusReason).toBe('The trainer did not stop in time.');
    expect((await bench.now(run.file.runId)).state).toMatchObject({
      phase: 'STOPPED',
      reason: { code: 'STOPPED_BY_USER' },
    });
  });

  it('takes away the marker of a run, leaving a head, only once run and job have ended', async () => {
    const bench = await open();
    const run = await bench.newRun();
    await bench.reached(`${run.file.runId}-1`, 'RUNNING');
    await train(bench, run);
    await round(bench);
    expect(await isOpen(bench, run)).toBe(true);
    await bench.say(run.file.runId, runEnded('SUCCEEDED', bench.g.now().toISOString()));
    await round(bench);
    // Its container is still there.
    expect(await isOpen(bench, run)).toBe(true);
    await recordJob(bench.g, { runId: run.file.runId, launch: 1, jobId: jobOf(run), status: 'SUCCEEDED', attempts: 1 });
    await round(bench);
    expect(await isOpen(bench, run)).toBe(false);
    expect(await loadHead(bench.g.store, run.file.runId)).toMatchObject({ phase: 'SUCCEEDED' });
  });

  it('ends the job of a run that was deleted right after its end, and only then lets it be swept', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const { runId } = run.file;
    await bench.reached(`${runId}-1`, 'RUNNING');
    await bench.say(runId, runEnded('FAILED', bench.g.now().toISOString()));
    expect(await deleteRun(bench.g, bench.viewer, runId)).toMatchObject({ kind: 'deleted' });
    const left = async () => (await bench.g.store.list(keys.run(runId))).objects.map(({ key }) => key);
    await round(bench);
    expect(bench.queue.jobs()).toMatchObject([{ isTerminated: false }]);
    expect(await left()).toContain(keys.spec(runId));
    bench.advance(3 * MINUTE);
    await round(bench);
    await bench.reached(`${runId}-1`, 'FAILED');
    expect(bench.queue.jobs()).toMatchObject([{ isTerminated: true }]);
    // One round sees that the job is gone, and the sweep of that round or of the next sees that.
    await round(bench);
    await round(bench);
    expect(await left()).toEqual([keys.deleted(runId)]);
    expect(await isOpen(bench, run)).toBe(false);
  });

  it('leaves the marker of a run that is resumed while it settles it', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const { runId } = run.file;
    await bench.say(runId, runEnded('STOPPED'));
    await recordJob(bench.g, { runId, launch: 1, jobId: jobOf(run), status: 'SUCCEEDED', attempts: 1 });
    const { store } = bench.g;
    const overtaken: ObjectStore = {
      ...store,
      remove: async (key) => {
        if (key === keys.open(runId)) await resumeRun(bench.g, bench.viewer, runId);
        return store.remove(key);
      },
    };
    await round(bench, { ...bench.g, store: overtaken });
    expect((await bench.now(runId)).state.phase).toBe('QUEUED');
    expect(await isOpen(bench, run)).toBe(true);
  });

  it('ends the job of an ended run that goes on all the same', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const name = `${run.file.runId}-1`;
    await bench.reached(name, 'RUNNING');
    await bench.say(run.file.runId, runEnded('FAILED', bench.g.now().toISOString()));
    bench.advance(MINUTE);
    await round(bench);
    expect(bench.queue.jobs()).toMatchObject([{ isTerminated: false }]);
    bench.advance(2 * MINUTE);
    await round(bench);
    await bench.reached(name, 'FAILED');
    await round(bench);
    expect(await isOpen(bench, run)).toBe(false);
    expect((await bench.now(run.file.runId)).state.phase).toBe('FAILED');
  });

  it('is not kept from any run by one that it cannot repair', async () => {
    const bench = await open();
    const [broken, lost, cut] = [await bench.newRun(), await bench.newRun(), await bench.newRun()];
    const describe = async (ids: readonly string[]): Promise<readonly QueuedJob[]> => {
      if (ids.includes(jobOf(broken))) throw new Error('no answer');
      return [];
    };
    await bench.g.store.put(keys.spec(cut.file.runId), new TextEncoder().encode('{'));
    await bench.g.store.create(keys.tombstone(cut.file.runId), new Uint8Array());
    bench.advance(2 * MINUTE);
    // Another process, which does not remember the spec that has been damaged since.
    const g = { ...bench.g, store: { ...bench.g.store }, queue: { ...bench.g.queue, describe } };
    const { failures } = await reconcile(g, bench.projectId);
    expect(failures).toHaveLength(3);
    expect((await bench.now(lost.file.runId)).state.phase).toBe('FAILED');
    expect((await bench.now(broken.file.runId)).state.phase).toBe('QUEUED');
  });

  it('sees each of a thousand open runs within four calls, and never many side by side', async () => {
    const bench = await open();
    const ids = Array.from({ length: 1000 }, (_, index) => `${bench.projectId}-${String(index).padStart(18, '0')}`);
    for (const id of ids) await bench.g.store.create(keys.open(id), new Uint8Array());
    const seen = new Map<string, number>();
    let [now, most] = [0, 0];
    const store: ObjectStore = {
      ...bench.g.store,
      get: async (key, ...rest) => {
        const id = /\/runs\/([^/]+)\/spec\.json$/.exec(key)?.[1];
        if (id === undefined) return bench.g.store.get(key, ...rest);
        seen.set(id, (seen.get(id) ?? 0) + 1);
        now += 1;
        most = Math.max(most, now);
        return bench.g.store.get(key, ...rest).finally(() => {
          now -= 1;
        });
      },
    };
    for (let call = 1; call <= 4; call += 1) {
      await round(bench, { ...bench.g, store });
      expect(seen.size).toBe(250 * call);
    }
    expect([...seen.keys()].sort()).toEqual(ids);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
    await round(bench, { ...bench.g, store });
    expect(seen.get(ids[0] ?? '')).toBe(2);
  });

  it('is not kept from all other runs by a page of runs that it cannot repair', async () => {
    const bench = await open();
    const lost = await bench.newRun();
    const broken = [await bench.newRun(), await bench.newRun()];
    const ids = new Set(broken.map(jobOf));
    const describe = async ([id = '']: readonly string[]): Promise<readonly QueuedJob[]> => {
      if (ids.has(id)) throw new Error('no answer');
      return [];
    };
    bench.advance(2 * MINUTE);
    const g = { ...bench.g, queue: { ...bench.g.queue, describe } };
    const failures = [];
    for (let call = 0; call < 2; call += 1)
      failures.push(...(await reconcile(g, bench.projectId, { most: 2 })).failures);
    expect(failures).toHaveLength(2);
    expect((await bench.now(lost.file.runId)).state).toMatchObject({ phase: 'FAILED', reason: { code: 'LOST' } });
  });

  it('leaves a silent trainer to its job while the queue says that it runs, and says so; and hears of its end', async () => {
    const bench = await open();
    const run = await bench.newRun();
    const { runId } = run.file;
    await bench.reached(`${runId}-1`, 'RUNNING');
    await train(bench, run);
    bench.advance(30 * MINUTE);
    await round(bench);
    const silent = await bench.now(runId);
    expect(silent.state.phase).toBe('RUNNING');
    expect(reasonAt(silent, bench.g.now())).toMatchObject({ code: 'HEARTBEAT_LOST' });
    bench.queue.reclaim(jobOf(run));
    await expect.poll(() => bench.queue.jobs()[0]?.attempts.length).toBe(1);
    await round(bench);
    expect((await bench.now(runId)).state.attempts[0]).toMatchObject({ endReason: { code: 'HOST_LOST' } });
  });

  it('changes nothing about a run that goes as it should, however often it comes', async () => {
    const bench = await open();
    const run = await bench.newRun();
    await bench.reached(`${run.file.runId}-1`, 'RUNNING');
    await train(bench, run);
    await round(bench);
    const before = (await bench.now(run.file.runId)).state.cursor;
    for (let time = 0; time < 3; time += 1) await Promise.all([round(bench), round(bench)]);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'RUNNING', cursor: before });
  });

  it.each(['SUBMITTED', 'PENDING'] satisfies JobStatus[])('waits while a job is %s', async (status) => {
    const bench = await open();
    const run = await bench.newRun();
    bench.advance(2 * MINUTE);
    const waiting = async () => [{ id: jobOf(run), name: `${run.file.runId}-1`, status, attempts: [] }];
    await round(bench, { ...bench.g, queue: { ...bench.g.queue, describe: waiting } });
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'QUEUED', launches: [{ status: null }] });
  });
});
