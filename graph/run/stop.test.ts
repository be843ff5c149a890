import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEvent } from './events.ts';
import { launchTraining } from './launch.ts';
import type { Snapshot } from './load.ts';
import { openRunIds } from './open-runs.ts';
import { reconcile } from './reconcile.ts';
import { readSegments } from './segments.ts';
import type { RunPhase } from './state.ts';
import { stopRun } from './stop.ts';
import { attemptStarted, type Bench, openBench, runEnded, trainingStarted } from './testing/bench.ts';
import { breakingStore } from './testing/breaking.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const at = '2026-01-01T00:00:00.000Z';
const training = { dataset: 'digits', kimg: 3.2 };
const stop = (run: Snapshot, g = bench.g) => stopRun(g, bench.viewer, run.file.runId);
const typesOf = async ({ file }: Snapshot) =>
  (await readSegments(bench.g.store, file.runId, 1)).segments.flatMap(({ events }) =>
    events.map((event) => event?.type),
  );
const jobOf = (run: Snapshot) => bench.queue.jobs().find(({ jobName }) => jobName === `${run.file.runId}-1`);

describe('a stop', () => {
  const begun = (run: Snapshot): JournalEvent[] => [
    attemptStarted(1, run.state.launches[0]?.jobId ?? ''),
    trainingStarted(1),
  ];
  const starting = (run: Snapshot): JournalEvent => ({
    ...{ type: 'JOB_STATE', at, launch: 1, jobId: run.state.launches[0]?.jobId ?? '', status: 'STARTING', attempts: 0 },
  });
  const rows: [RunPhase, (run: Snapshot) => JournalEvent[], boolean][] = [
    ['QUEUED', () => [], true],
    ['STARTING', (run) => [starting(run)], true],
    ['RUNNING', begun, false],
  ];
  it.each(rows)(
    'of a run that is %s is a wish in its journal, and a word to the queue where no trainer listens',
    async (phase, events, terminated) => {
      const run = await bench.newRun();
      const said = events(run);
      const before = said.length > 0 ? await bench.say(run.file.runId, ...said) : run;
      expect(before.state.phase).toBe(phase);
      for (let time = 0; time < 2; time += 1) {
        expect(await stop(run)).toMatchObject({
          kind: 'stopped',
          run: { state: { phase: 'STOPPING', stopRequested: { code: 'STOPPED_BY_USER' } } },
        });
      }
      expect((await typesOf(run)).filter((type) => type === 'STOP_REQUESTED')).toHaveLength(1);
      expect(jobOf(run)).toMatchObject({ isTerminated: terminated });
    },
  );

  it.each(['SUCCEEDED', 'FAILED', 'STOPPED'] as const)(
    'of a run that is %s succeeds and changes nothing',
    async (phase) => {
      const run = await bench.newRun();
      await bench.say(run.file.runId, runEnded(phase));
      const before = await typesOf(run);
      expect(await stop(run)).toMatchObject({ kind: 'stopped', run: { state: { phase, stopRequested: null } } });
      expect(await typesOf(run)).toEqual(before);
    },
  );

  it('is not lost to an end that comes at the same moment, nor the end to it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const run = await bench.newRun();
      const running = await bench.say(run.file.runId, ...begun(run));
      await Promise.all([stop(running), bench.say(run.file.runId, runEnded('SUCCEEDED'))]);
      expect((await bench.now(run.file.runId)).state.phase).toBe('SUCCEEDED');
    }
  });

  it('succeeds where the queue has forgotten the job, or cannot be reached', async () => {
    const run = await bench.newRun();
    const unreachable = { ...bench.g.queue, terminate: () => Promise.reject(new Error('no answer')) };
    expect(await stop(run, { ...bench.g, queue: unreachable })).toMatchObject({ kind: 'stopped' });
    const other = await bench.newRun();
    const forgotten = { ...bench.g.queue, terminate: () => bench.g.queue.terminate('gone', 'x') };
    expect(await stop(other, { ...bench.g, queue: forgotten })).toMatchObject({ kind: 'stopped' });
  });

  it('is not for others', async () => {
    const run = await bench.newRun();
    const stranger = { ...bench.viewer, projects: [{ id: 'other', name: 'Other', role: 'ADMIN' as const }] };
    expect(await stopRun(bench.g, stranger, run.file.runId)).toMatchObject({ kind: 'notFound' });
    expect(await stopRun(bench.g, bench.viewer, 'nonsense/../x')).toMatchObject({ kind: 'notFound' });
    expect((await bench.now(run.file.runId)).state.phase).toBe('QUEUED');
  });
});

describe('a stop before there is a job', () => {
  it('ends the run after the grace, and with it the job whose submission was lost', async () => {
    const own = await openBench();
    onTestFinished(() => own.close());
    own.loseReplies = true;
    const run = await own.newRun();
    own.loseReplies = false;
    await stopRun(own.g, own.viewer, run.file.runId);
    await reconcile(own.g, own.projectId);
    expect((await own.now(run.file.runId)).state.phase).toBe('STOPPING');
    own.advance(121_000);
    await Promise.all([reconcile(own.g, own.projectId), reconcile(own.g, own.projectId)]);
    const { state } = await own.now(run.file.runId);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'STOPPED_BY_USER' } });
    // The job whose submission was lost is ended all the same.
    expect(own.queue.jobs()).toMatchObject([{ isTerminated: true }]);
  });

  it('keeps a launch that was never claimed from being submitted, however often it is sent', async () => {
    const own = await openBench();
    onTestFinished(() => own.close());
    const input = { idempotencyKey: 'k', training };
    // Dies before it claims the submission.
    const { store } = breakingStore(own.g.store, 6, 'undone');
    await expect(launchTraining({ ...own.g, store }, own.viewer, input)).rejects.toThrow('dead');
    const [runId = ''] = await openRunIds(own.g, own.projectId);
    await stopRun(own.g, own.viewer, runId);
    const again = () => launchTraining(own.g, own.viewer, input);
    expect(await again()).toMatchObject({ kind: 'launched', run: { state: { phase: 'STOPPING' } } });
    own.advance(121_000);
    await reconcile(own.g, own.projectId);
    expect(await again()).toMatchObject({ kind: 'launched', run: { state: { phase: 'STOPPED' } } });
    expect(own.jobNames()).toEqual([]);
  });

  it('ends the job of a launch that it races with', async () => {
    const own = await openBench();
    onTestFinished(() => own.close());
    const { submit } = own.g.queue;
    // Stops the run in the middle of its submission.
    const queue = {
      ...own.g.queue,
      submit: async (request: Parameters<typeof submit>[0]) => {
        const submitted = await submit(request);
        await stopRun(own.g, own.viewer, request.environment.GANWAY_RUN_ID ?? '');
        return submitted;
      },
    };
    const launched = await launchTraining({ ...own.g, queue }, own.viewer, { idempotencyKey: 'k', training });
    expect(launched).toMatchObject({ kind: 'launched', run: { state: { phase: 'STOPPING' } } });
    expect(own.queue.jobs()).toMatchObject([{ isTerminated: true }]);
    own.hearQueue = true;
    await own.reached(own.jobNames()[0] ?? '', 'FAILED');
    await reconcile(own.g, own.projectId);
    const runId = launched.kind === 'launched' ? launched.run.file.runId : '';
    expect((await own.now(runId)).state.phase).toBe('STOPPED');
  });
});
