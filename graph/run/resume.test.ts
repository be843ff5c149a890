import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { keys } from '../storage/keys.ts';
import { deleteRun } from './delete.ts';
import { reconcile } from './reconcile.ts';
import { recordJob } from './record-job.ts';
import { resumeRun } from './resume.ts';
import { stopRun } from './stop.ts';
import { attemptStarted, type Bench, openBench, runEnded, stores, trainingStarted } from './testing/bench.ts';
import { overtakenStore } from './testing/breaking.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganway-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(stores(inject('s3'), folder)))('a resume in %s', (_, open) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ store: open() });
  });
  afterAll(() => bench.close());

  const jobsOf = (runId: string) => bench.jobNames().filter((name) => name.startsWith(runId));
  const jobOf = async (runId: string) => (await bench.now(runId)).state.launches[0]?.jobId ?? '';
  const resume = (runId: string, store = open()) => resumeRun({ ...bench.g, store }, bench.viewer, runId);

  it.each(['STOPPED', 'FAILED'] as const)('of a run that is %s is its next launch', async (phase) => {
    const { runId } = (await bench.newRun()).file;
    await bench.say(runId, attemptStarted(1, 'job'), trainingStarted(1), runEnded(phase));
    const resumed = await resume(runId);
    expect(resumed).toMatchObject({
      kind: 'launched',
      run: { state: { phase: 'QUEUED', reason: { code: 'WAITING_FOR_SLOT' }, endedAt: null, stopRequested: null } },
    });
    expect(jobsOf(runId)).toEqual([`${runId}-1`, `${runId}-2`]);
  });

  it('of a run that has not stopped, or is done, is refused with its phase', async () => {
    const { runId } = (await bench.newRun()).file;
    const refused = async (phase: string) => {
      const outcome = await resume(runId);
      expect(outcome).toMatchObject({ kind: 'invalidState', run: { state: { phase } } });
      expect(outcome.kind === 'invalidState' && outcome.message).toContain(phase);
    };
    await refused('QUEUED');
    await bench.say(runId, attemptStarted(1, 'job'), trainingStarted(1));
    await refused('RUNNING');
    await stopRun(bench.g, bench.viewer, runId);
    await refused('STOPPING');
    await bench.say(runId, runEnded('SUCCEEDED'));
    await refused('SUCCEEDED');
    expect(jobsOf(runId)).toHaveLength(1);
  });

  it('is one launch of ten that come at once', async () => {
    const { runId } = (await bench.newRun()).file;
    await bench.say(runId, runEnded('FAILED'));
    await Promise.all(Array.from({ length: 10 }, () => resume(runId)));
    expect(jobsOf(runId)).toEqual([`${runId}-1`, `${runId}-2`]);
    expect((await bench.now(runId)).state.launches).toHaveLength(2);
  });

  it('never leaves the run without its marker, also where reconcile takes it away at that moment', async () => {
    const { runId } = (await bench.newRun()).file;
    await bench.say(runId, runEnded('FAILED'));
    const store = open();
    const overtaken = overtakenStore(store, () => reconcile({ ...bench.g, store: open() }, bench.projectId));
    // The queue has seen the end of the first job, so that the run is settled.
    await recordJob(bench.g, { runId, launch: 1, jobId: await jobOf(runId), status: 'FAILED', attempts: 1 });
    expect(await resume(runId, overtaken)).toMatchObject({ kind: 'launched' });
    expect(await store.head(keys.open(runId))).not.toBeNull();
  });

  it('does not bring back a run that is deleted at that moment', async () => {
    const { runId } = (await bench.newRun()).file;
    await bench.say(runId, runEnded('STOPPED'));
    const remove = () => deleteRun({ ...bench.g, store: open() }, bench.viewer, runId);
    expect(await resume(runId, overtakenStore(open(), remove))).toMatchObject({ kind: 'notFound' });
    expect(await resume(runId)).toMatchObject({ kind: 'notFound' });
    expect((await bench.now(runId)).state.launches).toHaveLength(1);
    expect(jobsOf(runId)).toHaveLength(1);
  });

  it('that broke off before its submission is finished by reconcile', async () => {
    const { runId } = (await bench.newRun()).file;
    await bench.say(runId, runEnded('STOPPED'));
    const at = bench.g.now().toISOString();
    await bench.say(runId, { type: 'LAUNCH_REQUESTED', at, launch: 2, cause: 'RESUME' });
    await reconcile(bench.g, bench.projectId);
    expect(jobsOf(runId)).toEqual([`${runId}-1`, `${runId}-2`]);
  });
});
