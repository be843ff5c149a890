import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { JobStatus } from '../storage/ports.ts';
import type { JournalEvent } from './events.ts';
import type { Snapshot } from './load.ts';
import { factOf, type JobFact, parseJobName, recordJob } from './record-job.ts';
import { resumeRun } from './resume.ts';
import { readSegments } from './segments.ts';
import type { RunPhase } from './state.ts';
import { attemptStarted, type Bench, openBench, runEnded, trainingStarted } from './testing/bench.ts';

const at = '2026-01-01T00:00:00.000Z';
const HOST_LOST = 'Host EC2 (instance i-0) terminated.';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

function jobOf({ state }: Snapshot): string {
  const jobId = state.launches.at(-1)?.jobId;
  if (!jobId) throw new Error('The run has no job.');
  return jobId;
}

/** Records a fact about the first job of a run. */
const record = (run: Snapshot, status: JobFact['status'], more: Partial<JobFact> = {}) =>
  recordJob(bench.g, { runId: run.file.runId, launch: 1, jobId: jobOf(run), status, attempts: 0, ...more });

const countFacts = async ({ file }: Snapshot) => {
  const { segments } = await readSegments(bench.g.store, file.runId, 1);
  return segments.flatMap(({ events }) => events).filter((event) => event?.type === 'JOB_STATE').length;
};

const checkpoint = (attempt: number, step: number): JournalEvent => ({
  ...{ type: 'CHECKPOINT_SEALED', at, attempt, step, kimg: 1, trigger: 'SCHEDULE', manifest: `m${step}`, bytes: 1 },
});
const stop: JournalEvent = { type: 'STOP_REQUESTED', at, by: 'ada', reason: { code: 'STOPPED_BY_USER', message: '' } };

describe('what the queue says', () => {
  const [still, moves] = [['RUNNABLE', 'STARTING', 'RUNNING'] as const, ['SUCCEEDED', 'FAILED', 'LOST'] as const];
  const begun = (jobId: string) => [attemptStarted(1, jobId), trainingStarted(1)];
  const rows: [string, (jobId: string) => JournalEvent[], RunPhase[], RunPhase][] = [
    ['QUEUED', () => [], ['QUEUED', 'STARTING', 'STARTING'], 'FAILED'],
    ['QUEUED with an attempt', (id) => [attemptStarted(1, id)], ['QUEUED', 'STARTING', 'STARTING'], 'FAILED'],
    ['RUNNING', begun, ['RUNNING', 'RUNNING', 'RUNNING'], 'FAILED'],
    ['STOPPING', (id) => [...begun(id), stop], ['STOPPING', 'STOPPING', 'STOPPING'], 'STOPPED'],
    ['STOPPING before it began', () => [stop], ['STOPPING', 'STOPPING', 'STOPPING'], 'STOPPED'],
    ['SUCCEEDED', (id) => [...begun(id), runEnded('SUCCEEDED')], ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'], 'SUCCEEDED'],
    ['FAILED', (id) => [...begun(id), runEnded('FAILED')], ['FAILED', 'FAILED', 'FAILED'], 'FAILED'],
    ['STOPPED', (id) => [...begun(id), runEnded('STOPPED')], ['STOPPED', 'STOPPED', 'STOPPED'], 'STOPPED'],
  ];
  it.each(rows)('means for a run that is %s what the table says', async (_, events, going, ended) => {
    for (const [index, status] of [...still, ...moves].entries()) {
      const run = await bench.newRun();
      const said = events(jobOf(run));
      if (said.length > 0) await bench.say(run.file.runId, ...said);
      const after = await record(run, status);
      expect([status, after?.state.phase]).toEqual([status, going[index] ?? ended]);
    }
  });

  it('is written down once, however often and by however many it is told', async () => {
    const run = await bench.newRun();
    await Promise.all(Array.from({ length: 10 }, () => record(run, 'RUNNING')));
    await record(run, 'RUNNING');
    await record(run, 'STARTING');
    await record(run, 'RUNNABLE');
    expect(await countFacts(run)).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => record(run, 'FAILED', { attempts: 1, exitCode: 65 })));
    await record(run, 'SUCCEEDED', { attempts: 1 });
    await record(run, 'RUNNABLE', { attempts: 2 });
    expect(await countFacts(run)).toBe(2);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'FAILED', reason: { code: 'DIVERGED' } });
  });

  it('comes to the same in any order', async () => {
    const facts: [JobFact['status'], number][] = [
      ['RUNNABLE', 0],
      ['RUNNING', 0],
      ['RUNNABLE', 1],
      ['RUNNING', 1],
    ];
    const orders = [
      [3, 0, 1, 2],
      [2, 1, 3, 0],
      [1, 0, 3, 2],
      [3, 2, 1, 0],
    ];
    for (const order of orders) {
      const run = await bench.newRun();
      for (const index of order) {
        const [status, attempts] = facts[index] ?? ['LOST', 0];
        await record(run, status, { attempts });
      }
      const { phase, launches } = (await bench.now(run.file.runId)).state;
      expect([order, phase, launches[0]]).toEqual([
        order,
        'STARTING',
        expect.objectContaining({ status: 'RUNNING', jobAttempts: 1 }),
      ]);
    }
  });

  it('of an attempt before the newest is old news, however far that one had come', async () => {
    const run = await bench.newRun();
    await record(run, 'RUNNABLE', { attempts: 1 });
    for (const status of ['STARTING', 'RUNNING', 'LOST'] as const) await record(run, status);
    expect(await countFacts(run)).toBe(1);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'QUEUED', reason: { code: 'RETRYING' } });
  });

  it('of a container before the one that trains does not disturb it', async () => {
    const run = await bench.newRun();
    const id = jobOf(run);
    await bench.say(run.file.runId, attemptStarted(1, id, { container: 1 }), trainingStarted(1));
    // The host went, and the queue's news of it is late.
    await bench.say(run.file.runId, attemptStarted(2, id, { container: 2, cause: 'RETRY' }), trainingStarted(2));
    for (const status of ['RUNNABLE', 'STARTING', 'RUNNING'] as const) {
      const after = await record(run, status, { attempts: 1 });
      expect([status, after?.state.phase]).toEqual([status, 'RUNNING']);
    }
    expect((await bench.now(run.file.runId)).state.attempts.map(({ endedAt }) => endedAt)).toEqual([at, null]);
  });

  it('tells also by the start of the next container that the last one is lost', async () => {
    const run = await bench.newRun();
    await bench.say(run.file.runId, attemptStarted(1, jobOf(run), { container: 1 }), trainingStarted(1));
    const after = await record(run, 'RUNNING', { attempts: 1 });
    expect(after?.state.phase).toBe('STARTING');
    expect(after?.state.attempts[0]).toMatchObject({ endReason: { code: 'HOST_LOST' } });
  });

  it('about a job that is not the one of its launch is not written down', async () => {
    const run = await bench.newRun();
    await record(run, 'FAILED', { jobId: 'twin', statusReason: HOST_LOST });
    await record(run, 'SUCCEEDED', { jobId: 'twin' });
    expect(await countFacts(run)).toBe(0);
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'QUEUED', launches: [{ launch: 1 }] });
  });

  it('about the recorded job does not end a run that its twin trains', async () => {
    const run = await bench.newRun();
    await bench.say(run.file.runId, attemptStarted(1, 'twin'), trainingStarted(1));
    await record(run, 'SUCCEEDED', { attempts: 1 });
    expect((await bench.now(run.file.runId)).state).toMatchObject({ phase: 'RUNNING', launches: [{ jobId: 'twin' }] });
    const after = await record(run, 'FAILED', { jobId: 'twin', attempts: 1, exitCode: 139 });
    expect(after?.state).toMatchObject({ phase: 'FAILED', reason: { code: 'NATIVE_CRASH' } });
  });

  it('before the submission is recorded is believed, and says that the run waits for a slot', async () => {
    bench.loseReplies = true;
    const run = await bench.newRun();
    bench.loseReplies = false;
    expect(run.state.reason?.code).toBe('WAITING_FOR_SUBMISSION');
    const fact: JobFact = { runId: run.file.runId, launch: 1, jobId: 'job', status: 'RUNNABLE', attempts: 0 };
    const after = await recordJob(bench.g, fact);
    expect(after?.state).toMatchObject({ reason: { code: 'WAITING_FOR_SLOT' }, launches: [{ jobId: 'job' }] });
  });

  it('about a launch before the newest changes that launch only', async () => {
    const run = await bench.newRun();
    await bench.say(run.file.runId, attemptStarted(1, jobOf(run)), trainingStarted(1), runEnded('FAILED'));
    await resumeRun(bench.g, bench.viewer, run.file.runId);
    const after = await record(run, 'FAILED', { attempts: 1, statusReason: HOST_LOST });
    expect(after?.state).toMatchObject({ phase: 'QUEUED', launches: [{ status: 'FAILED' }, { status: null }] });
    expect(after?.state.launches).toHaveLength(2);
  });

  it('about runs that are not there is nobody’s', async () => {
    const fact = { launch: 1, jobId: 'job', status: 'FAILED', attempts: 1 } as const;
    expect(await recordJob(bench.g, { ...fact, runId: `${bench.projectId}-000000000000000000` })).toBeNull();
    const run = await bench.newRun();
    await bench.say(run.file.runId, runEnded('STOPPED'), { type: 'RUN_DELETED', at });
    expect(await record(run, 'FAILED')).toBeNull();
  });
});

describe('attempts that lost hosts have used up', () => {
  it('make the next launch without a moment of failure', async () => {
    const own = await openBench();
    onTestFinished(() => own.close());
    own.hearQueue = true;
    const { runId } = (await own.newRun()).file;
    for (let lost = 0; lost < 10; lost += 1) {
      const job = () => own.queue.jobs().find(({ jobName }) => jobName === `${runId}-1`);
      await expect
        .poll(() => [job()?.status, job()?.attempts.length], { timeout: 20_000, interval: 5 })
        .toEqual(['RUNNING', lost]);
      own.queue.reclaim(job()?.jobId ?? '');
    }
    await own.reached(`${runId}-2`, 'RUNNING');
    const { state } = await own.now(runId);
    expect(state.launches).toMatchObject([{ status: 'FAILED', jobAttempts: 10 }, { cause: 'RELAUNCH' }]);
    expect(state.phases.map(({ phase }) => phase)).not.toContain('FAILED');
    expect(own.jobNames()).toEqual([`${runId}-1`, `${runId}-2`]);
  });

  const exhausted = { attempts: 10, statusReason: HOST_LOST };

  it('make one launch, however many hear of it at once', async () => {
    const run = await bench.newRun();
    await Promise.all(Array.from({ length: 10 }, () => record(run, 'FAILED', exhausted)));
    const { runId } = run.file;
    expect((await bench.now(runId)).state.launches).toHaveLength(2);
    expect(bench.jobNames().filter((name) => name.startsWith(runId))).toEqual([`${runId}-1`, `${runId}-2`]);
  });

  it('leave no attempt behind that would keep the next job from training', async () => {
    const run = await bench.newRun();
    await bench.say(run.file.runId, attemptStarted(1, jobOf(run)), trainingStarted(1));
    const after = await record(run, 'FAILED', exhausted);
    expect(after?.state).toMatchObject({ phase: 'QUEUED', attempts: [{ endReason: { code: 'HOST_LOST' } }] });
  });

  it('end a run that is to stop', async () => {
    const run = await bench.newRun();
    await bench.say(run.file.runId, stop);
    expect((await record(run, 'FAILED', exhausted))?.state).toMatchObject({
      phase: 'STOPPED',
      launches: [{ launch: 1 }],
    });
  });

  it('end the run where the launch before fared no better, unless it got to a checkpoint', async () => {
    for (const gotOn of [false, true]) {
      const run = await bench.newRun();
      const second = await record(run, 'FAILED', exhausted);
      const jobId = second ? jobOf(second) : '';
      const began = attemptStarted(1, jobId, { launch: 2 });
      await bench.say(run.file.runId, began, trainingStarted(1), ...(gotOn ? [checkpoint(1, 10)] : []));
      const after = await record(run, 'FAILED', { ...exhausted, launch: 2, jobId });
      expect(after?.state.launches).toHaveLength(gotOn ? 3 : 2);
      expect([after?.state.phase, after?.state.reason?.code]).toEqual(
        gotOn ? ['QUEUED', 'WAITING_FOR_SLOT'] : ['FAILED', 'ATTEMPTS_EXHAUSTED'],
      );
    }
  });
});

describe('a real job', () => {
  it.each([
    ['exit 0', 'SUCCEEDED', 'LOST'],
    ['exit 64', 'FAILED', 'BAD_SPEC'],
    ['exit 1', 'FAILED', 'TRAINER_BUG'],
  ])('that does no more than %s ends its run as it must', async (script, status, code) => {
    const own = await openBench({ script });
    onTestFinished(() => own.close());
    own.hearQueue = true;
    const { runId } = (await own.newRun()).file;
    await own.reached(`${runId}-1`, status);
    expect((await own.now(runId)).state).toMatchObject({ phase: 'FAILED', reason: { code } });
  });
});

describe('a job of the queue', () => {
  const id = 'lab-0123456789abcdefgh';
  it('is a fact by its name, its status and its last attempt', () => {
    const job = {
      id: 'j',
      name: `${id}-12`,
      status: 'FAILED' as const,
      attempts: [{}, { exitCode: 75, statusReason: 'x', startedAt: new Date(at), stoppedAt: new Date(at) }],
    };
    const containers = [
      { startedAt: null, stoppedAt: null },
      { startedAt: at, stoppedAt: at },
    ];
    const outcome = { status: 'FAILED', attempts: 2, statusReason: 'x', exitCode: 75, containers };
    expect(factOf(job)).toEqual({ runId: id, launch: 12, jobId: 'j', ...outcome });
    const running = factOf({ ...job, status: 'RUNNING', startedAt: new Date(at) });
    expect(running?.containers).toEqual([...containers, { startedAt: at, stoppedAt: null }]);
    expect(factOf({ ...job, statusReason: 'y' })).toMatchObject({ statusReason: 'y' });
    for (const status of ['SUBMITTED', 'PENDING'] satisfies JobStatus[]) expect(factOf({ ...job, status })).toBeNull();
    expect(factOf({ ...job, name: 'somebody-elses' })).toBeNull();
  });

  it('is one of ours only under a name of ours', () => {
    expect(parseJobName(`${id}-1`)).toEqual({ runId: id, launch: 1 });
    for (const name of [id, `${id}-`, `${id}-x`, `${id.toUpperCase()}-1`, `${id}1-1`, ''])
      expect(parseJobName(name)).toBeNull();
  });
});
