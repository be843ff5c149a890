import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelJobCommand, ListJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { describe, expect, test, vi } from 'vitest';
import { openBench, PATIENCE_MS } from './testing/bench.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

describe('a job that depends on another', () => {
  test('waits in PENDING and starts when the other has succeeded', async () => {
    const bench = await openBench({ slots: 2 });
    const gate = join(bench.home, 'gate');
    const first = await bench.submit(`until [ -e ${gate} ]; do sleep 0.01; done`);
    const second = await bench.submit('true', { dependsOn: [{ jobId: first }] });
    await bench.seen.reaches(second, 'PENDING');
    writeFileSync(gate, '');
    const [one, two] = [await bench.ended(first), await bench.ended(second)];
    expect(bench.seen.statuses(second)).toEqual(['PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(two.startedAt).toBeGreaterThanOrEqual(one.stoppedAt ?? Number.POSITIVE_INFINITY);
  });

  test('fails without starting when the other fails, and so do those behind it', async () => {
    const bench = await openBench();
    const first = await bench.submit('exit 1');
    const second = await bench.submit('true', { dependsOn: [{ jobId: first }] });
    const third = await bench.submit('true', { dependsOn: [{ jobId: second }] });
    for (const id of [second, third]) {
      expect(await bench.ended(id)).toMatchObject({
        status: 'FAILED',
        statusReason: 'Dependent Job failed',
        attempts: [],
      });
    }
  });

  test('is cancelled only once the other has ended', async () => {
    const bench = await openBench({ slots: 2 });
    const first = await bench.submit('exec sleep 600');
    const second = await bench.submit('true', { dependsOn: [{ jobId: first }] });
    await bench.seen.reaches(second, 'PENDING');
    await bench.client.send(new CancelJobCommand({ jobId: second, reason: 'changed my mind' }));
    expect(await bench.describe(second)).toMatchObject({ status: 'PENDING', isCancelled: true });
    await bench.client.send(new TerminateJobCommand({ jobId: first, reason: 'stop' }));
    expect(await bench.ended(second)).toMatchObject({ status: 'FAILED', statusReason: 'changed my mind' });
  });
});

describe('an array job', () => {
  test('runs each child with its index and succeeds when all have', async () => {
    const bench = await openBench({ slots: 2 });
    const jobId = await bench.submit(`: > ${bench.home}/child-$AWS_BATCH_JOB_ARRAY_INDEX`, {
      arrayProperties: { size: 3 },
    });
    const parent = await bench.ended(jobId);
    expect(parent).toMatchObject({
      status: 'SUCCEEDED',
      arrayProperties: { size: 3, statusSummary: { SUCCEEDED: 3, FAILED: 0 } },
    });
    expect(bench.seen.statuses(jobId)).toEqual(['PENDING', 'SUCCEEDED']);
    for (const index of [0, 1, 2]) {
      expect(existsSync(join(bench.home, `child-${index}`))).toBe(true);
      expect((await bench.describe(`${jobId}:${index}`)).arrayProperties).toEqual({ index });
    }
    const children = await bench.client.send(new ListJobsCommand({ arrayJobId: jobId, jobStatus: 'SUCCEEDED' }));
    expect(children.jobSummaryList?.map((child) => child.jobId)).toEqual([0, 1, 2].map((index) => `${jobId}:${index}`));
  });

  test('fails when all children have ended and one has failed; children are tried again on their own', async () => {
    const bench = await openBench({ slots: 2 });
    const script = 'case $AWS_BATCH_JOB_ARRAY_INDEX-$AWS_BATCH_JOB_ATTEMPT in 0-1) exit 1;; 1-*) exit 1;; esac';
    const jobId = await bench.submit(script, { arrayProperties: { size: 3 }, retryStrategy: { attempts: 2 } });
    const parent = await bench.ended(jobId);
    expect(parent).toMatchObject({ status: 'FAILED', arrayProperties: { statusSummary: { SUCCEEDED: 2, FAILED: 1 } } });
    expect((await bench.describe(`${jobId}:0`)).attempts).toHaveLength(2);
    expect((await bench.describe(`${jobId}:1`)).status).toBe('FAILED');
  });

  test('with SEQUENTIAL runs its children one after the other', async () => {
    const bench = await openBench({ slots: 4 });
    const log = join(bench.home, 'order');
    const jobId = await bench.submit(
      `echo begin $AWS_BATCH_JOB_ARRAY_INDEX >> ${log}; sleep 0.02; echo end $AWS_BATCH_JOB_ARRAY_INDEX >> ${log}`,
      { arrayProperties: { size: 3 }, dependsOn: [{ type: 'SEQUENTIAL' }] },
    );
    await bench.ended(jobId);
    expect(readFileSync(log, 'utf8')).toBe('begin 0\nend 0\nbegin 1\nend 1\nbegin 2\nend 2\n');
  });

  test('with N_TO_N starts each child after its counterpart, not after the whole array', async () => {
    const bench = await openBench({ slots: 4 });
    const gate = join(bench.home, 'gate');
    const first = await bench.submit(
      `[ $AWS_BATCH_JOB_ARRAY_INDEX = 0 ] || until [ -e ${gate} ]; do sleep 0.01; done`,
      { arrayProperties: { size: 2 } },
    );
    const second = await bench.submit('true', {
      arrayProperties: { size: 2 },
      dependsOn: [{ jobId: first, type: 'N_TO_N' }],
    });
    await bench.ended(`${second}:0`);
    expect((await bench.describe(`${second}:1`)).status).toBe('PENDING');
    writeFileSync(gate, '');
    expect((await bench.ended(second)).status).toBe('SUCCEEDED');
  });

  test('N_TO_N with an array of another size is refused', async () => {
    const bench = await openBench();
    const first = await bench.submit('true', { arrayProperties: { size: 2 } });
    const second = bench.submit('true', {
      arrayProperties: { size: 3 },
      dependsOn: [{ jobId: first, type: 'N_TO_N' }],
    });
    await expect(second).rejects.toThrow(/same size/);
  });

  test('a job behind an array waits for all of it', async () => {
    const bench = await openBench({ slots: 2 });
    const array = await bench.submit('exit $AWS_BATCH_JOB_ARRAY_INDEX', { arrayProperties: { size: 2 } });
    const behind = await bench.submit('true', { dependsOn: [{ jobId: array }] });
    expect(await bench.ended(behind)).toMatchObject({ status: 'FAILED', statusReason: 'Dependent Job failed' });
  });

  test('is terminated with all its children', async () => {
    const bench = await openBench({ slots: 1 });
    const jobId = await bench.submit('exec sleep 600', { arrayProperties: { size: 3 } });
    await bench.seen.reaches(`${jobId}:0`, 'RUNNING');
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'stop all' }));
    const parent = await bench.ended(jobId);
    expect(parent).toMatchObject({
      status: 'FAILED',
      statusReason: 'stop all',
      arrayProperties: { statusSummary: { FAILED: 3 } },
    });
  });

  test('of more children than one turn takes lets the queue answer in between and ends whole', async () => {
    const bench = await openBench();
    const blocker = await bench.submit('exec sleep 600');
    await bench.seen.reaches(blocker, 'RUNNING');
    const size = 300;
    const jobId = await bench.submit('true', { arrayProperties: { size } });
    expect((await bench.describe(jobId)).arrayProperties?.size).toBe(size);
    await bench.seen.reaches(`${jobId}:${size - 1}`, 'RUNNABLE');
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'a test' }));
    expect(await bench.ended(jobId)).toMatchObject({ arrayProperties: { statusSummary: { FAILED: size } } });
  });
});
