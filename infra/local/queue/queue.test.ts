import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelJobCommand, ListJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { describe, expect, test, vi } from 'vitest';
import { eventually, openBench, PATIENCE_MS } from './testing/bench.ts';
import { recorder } from './testing/recorder.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const HOST_LOST = /^Host EC2 \(instance i-local[0-9a-f]+\) terminated\.$/;

describe('the life of a job', () => {
  test('goes through its states, prints into its log and succeeds', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('echo "hello from $AWS_BATCH_JOB_ATTEMPT"; echo trouble >&2');
    const job = await bench.ended(jobId);
    expect(bench.seen.statuses(jobId)).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      jobQueue: 'arn:aws:batch:us-east-1:000000000000:job-queue/ganway',
      container: { exitCode: 0 },
      attempts: [{ container: { exitCode: 0 } }],
    });
    expect(job.createdAt).toBeLessThanOrEqual(job.startedAt ?? 0);
    expect(job.startedAt).toBeLessThanOrEqual(job.stoppedAt ?? 0);
    const log = readFileSync(job.attempts?.[0]?.container?.logStreamName ?? '', 'utf8');
    expect(log).toBe('hello from 1\ntrouble\n');
  });

  test('gives the process its own variables and the service’s, and nothing of the queue’s environment', async () => {
    const bench = await openBench();
    const job = await bench.ended(await bench.submit('env; cat /dev/null'));
    const log = readFileSync(job.container?.logStreamName ?? '', 'utf8').split('\n');
    expect(log).toContain(`AWS_BATCH_JOB_ID=${job.jobId}`);
    expect(log).toContain('AWS_BATCH_JOB_ATTEMPT=1');
    expect(log).toContain('AWS_BATCH_JQ_NAME=ganway');
    expect(log).toContain('AWS_BATCH_CE_NAME=ganway-local');
    expect(log).toContain('GANWAY_PARENT_PIPE=1');
    expect(log.filter((line) => line.startsWith('HOME='))).toEqual([]);
  });

  test('runs a task while trainings hold every slot', async () => {
    const bench = await openBench({ slots: 1 });
    const gate = join(bench.home, 'gate');
    const training = await bench.submit(`until [ -e ${gate} ]; do sleep 0.01; done`);
    await bench.seen.reaches(training, 'RUNNING');
    const task = await bench.submit('true', { jobQueue: 'ganway-tasks' });
    expect((await bench.ended(task)).jobQueue).toMatch(/job-queue\/ganway-tasks$/);
    expect((await bench.describe(training)).status).toBe('RUNNING');
    const listed = await bench.client.send(new ListJobsCommand({ jobQueue: 'ganway-tasks', jobStatus: 'SUCCEEDED' }));
    expect(listed.jobSummaryList?.map(({ jobId }) => jobId)).toEqual([task]);
    writeFileSync(gate, '');
    await bench.ended(training);
  });

  test('runs as many jobs at once as there are slots, the others in the order of their submission', async () => {
    const bench = await openBench({ slots: 2 });
    const gate = join(bench.home, 'gate');
    const wait = `until [ -e ${gate}-$GANWAY_GATE ]; do sleep 0.01; done`;
    const ids: string[] = [];
    for (let gateNumber = 0; gateNumber < 4; gateNumber++)
      ids.push(await bench.submit(`GANWAY_GATE=${gateNumber}; ${wait}`));
    const [first, second, third, fourth] = ids as [string, string, string, string];
    await bench.seen.reaches(second, 'RUNNING');
    expect((await bench.describe(third)).status).toBe('RUNNABLE');
    expect(bench.queue.jobs().map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING', 'RUNNABLE', 'RUNNABLE']);
    await bench.submit('true');
    writeFileSync(`${gate}-1`, '');
    await bench.seen.reaches(third, 'RUNNING');
    expect((await bench.describe(first)).status).toBe('RUNNING');
    expect((await bench.describe(fourth)).status).toBe('RUNNABLE');
    for (const each of [0, 2, 3]) writeFileSync(`${gate}-${each}`, '');
    await Promise.all(ids.map((id) => bench.ended(id)));
  });

  test('a command that cannot be started fails with a reason', async () => {
    const bench = await openBench({ command: { file: '/no/such/file', args: [], cwd: '/', env: {} } });
    const job = await bench.ended(await bench.submit('true'));
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
    expect(job.attempts?.[0]?.container?.reason).toMatch(/^CannotStartContainerError: .*ENOENT/);
    expect(bench.seen.statuses(job.jobId ?? '')).toEqual(['RUNNABLE', 'STARTING', 'FAILED']);
  });
});

describe('attempts', () => {
  const rules = [
    { action: 'retry' as 'RETRY', onExitCode: '75' },
    { action: 'RETRY' as const, onExitCode: '13*' },
    { action: 'EXIT' as const, onReason: '*' },
  ];

  test('a job that asks for it is tried again and counts its attempts', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('[ $AWS_BATCH_JOB_ATTEMPT = 3 ] || exit 75', {
      retryStrategy: { attempts: 5, evaluateOnExit: rules },
    });
    const job = await bench.ended(jobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([75, 75, 0]);
    expect(new Set(job.attempts?.map(({ container }) => container?.logStreamName)).size).toBe(3);
    expect(bench.seen.statuses(jobId).filter((status) => status === 'RUNNABLE')).toHaveLength(3);
  });

  test('a process that kills itself ends with 128 + the signal and is tried again by 13*', async () => {
    const bench = await openBench();
    const job = await bench.ended(
      await bench.submit('[ $AWS_BATCH_JOB_ATTEMPT = 2 ] || kill -KILL $$', {
        retryStrategy: { attempts: 2, evaluateOnExit: rules },
      }),
    );
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([137, 0]);
  });

  test('a rule ends a job though attempts are left', async () => {
    const bench = await openBench();
    const job = await bench.ended(
      await bench.submit('exit 64', { retryStrategy: { attempts: 10, evaluateOnExit: rules } }),
    );
    expect(job).toMatchObject({ status: 'FAILED', container: { exitCode: 64 } });
    expect(job.attempts).toHaveLength(1);
  });

  test('a job fails when its attempts are used up', async () => {
    const bench = await openBench();
    const job = await bench.ended(await bench.submit('exit 75', { retryStrategy: { attempts: 3 } }));
    expect(job.status).toBe('FAILED');
    expect(job.attempts).toHaveLength(3);
  });

  test('an attempt that takes too long is stopped and not tried again', async () => {
    const bench = await openBench({ secondMs: 5 });
    const job = await bench.ended(
      await bench.submit('exec sleep 600', { timeout: { attemptDurationSeconds: 60 }, retryStrategy: { attempts: 5 } }),
    );
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Job attempt duration exceeded timeout' });
    expect(job.attempts).toHaveLength(1);
    expect(job.attempts?.[0]?.container?.exitCode).toBe(143);
  });

  test('a reclaimed host ends an attempt by SIGTERM, for a reason that the rules retry', async () => {
    const bench = await openBench();
    const jobId = await bench.submit(
      'if [ $AWS_BATCH_JOB_ATTEMPT = 1 ]; then trap "exit 75" TERM; echo ready; while :; do sleep 0.01; done; fi',
      {
        retryStrategy: {
          attempts: 2,
          evaluateOnExit: [
            { action: 'RETRY', onStatusReason: 'Host EC2*' },
            { action: 'EXIT', onReason: '*' },
          ],
        },
      },
    );
    await bench.seen.reaches(jobId, 'RUNNING');
    expect(bench.queue.reclaim(jobId)).toBe(true);
    const job = await bench.ended(jobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(job.attempts).toHaveLength(2);
    expect(job.attempts?.[0]?.statusReason).toMatch(HOST_LOST);
    expect(bench.queue.reclaim(jobId)).toBe(false);
  });

  test('what ignores SIGTERM is killed after the grace, with all that it started', async () => {
    const bench = await openBench({ killGraceMs: 50 });
    const pidFile = join(bench.home, 'pid');
    const jobId = await bench.submit(
      `trap "" TERM; (trap "" TERM; sleep 600) & echo $! > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; wait`,
    );
    await eventually(() => readIfThere(pidFile)).not.toBe('');
    bench.queue.reclaim(jobId);
    const job = await bench.ended(jobId);
    expect(job.container?.exitCode).toBe(137);
    await eventually(() => isRunning(Number(readIfThere(pidFile)))).toBe(false);
  });
});

describe('ending a job', () => {
  test('TerminateJob stops a running one for good, under its reason', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('exec sleep 600', { retryStrategy: { attempts: 5 } });
    await bench.seen.reaches(jobId, 'RUNNING');
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'enough of it' }));
    const job = await bench.ended(jobId);
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'enough of it', isTerminated: true });
    expect(job.attempts).toHaveLength(1);
  });

  test('a terminated job fails even if its process then exits with 0', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('trap "exit 0" TERM; while :; do sleep 0.01; done');
    await bench.seen.reaches(jobId, 'RUNNING');
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'stop' }));
    expect(await bench.ended(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'stop' });
  });

  test('a waiting job never starts once it is terminated or cancelled', async () => {
    const bench = await openBench();
    const blocker = await bench.submit('exec sleep 600');
    const [terminated, cancelled] = [await bench.submit('true'), await bench.submit('true')];
    await bench.seen.reaches(blocker, 'RUNNING');
    await bench.client.send(new TerminateJobCommand({ jobId: terminated, reason: 'not wanted' }));
    await bench.client.send(new CancelJobCommand({ jobId: cancelled, reason: 'not needed' }));
    const job = await bench.ended(terminated);
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'not wanted', attempts: [] });
    expect(await bench.ended(cancelled)).toMatchObject({
      status: 'FAILED',
      statusReason: 'not needed',
      isCancelled: true,
    });
  });

  test('CancelJob leaves a running job alone; ended jobs stay as they are', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('read line; exit 3');
    await bench.seen.reaches(jobId, 'RUNNING');
    await bench.client.send(new CancelJobCommand({ jobId, reason: 'too late' }));
    expect((await bench.describe(jobId)).status).toBe('RUNNING');
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'first' }));
    await bench.ended(jobId);
    await bench.client.send(new TerminateJobCommand({ jobId, reason: 'second' }));
    expect(await bench.describe(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'first' });
  });

  test('a job that does not exist cannot be ended', async () => {
    const bench = await openBench();
    await expect(bench.client.send(new TerminateJobCommand({ jobId: 'nobody', reason: 'x' }))).rejects.toMatchObject({
      name: 'ClientException',
      message: 'Job nobody does not exist.',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('state changes', () => {
  test('are delivered again until they are taken, in order', async () => {
    const seen = recorder();
    let refusals = 3;
    const bench = await openBench({
      onStateChange: (event) => (refusals-- > 0 ? Promise.reject(new Error('busy')) : seen.take(event)),
    });
    const jobId = await bench.submit('true');
    await seen.reaches(jobId, 'SUCCEEDED');
    expect(seen.statuses(jobId)).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });

  test('have the shape of EventBridge', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('true');
    const event = await bench.seen.reaches(jobId, 'SUCCEEDED');
    expect(event).toMatchObject({
      version: '0',
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      region: 'us-east-1',
      resources: [`arn:aws:batch:us-east-1:000000000000:job/${jobId}`],
      detail: { jobId, jobName: 'a-job', status: 'SUCCEEDED', attempts: [{ container: { exitCode: 0 } }] },
    });
    expect(event.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

describe('a submission whose reply is lost', () => {
  test('has been accepted once and is found by its name', async () => {
    const bench = await openBench({ onSubmitReply: 'drop' });
    await expect(bench.submit('true', { jobName: 'run-1' })).rejects.toThrow();
    const { jobSummaryList } = await bench.client.send(
      new ListJobsCommand({ jobQueue: 'ganway', filters: [{ name: 'JOB_NAME', values: ['run-1'] }] }),
    );
    expect(jobSummaryList).toHaveLength(1);
    await bench.ended(jobSummaryList?.[0]?.jobId ?? '');
  });

  test('is listed only after the lag', async () => {
    let later = 0;
    const bench = await openBench({ listLagMs: 5000, now: () => Date.now() + later });
    await bench.ended(await bench.submit('true', { jobName: 'run-2' }));
    const filters = [{ name: 'JOB_NAME', values: ['run-2'] }];
    const find = async () =>
      (await bench.client.send(new ListJobsCommand({ jobQueue: 'ganway', filters }))).jobSummaryList;
    expect(await find()).toHaveLength(0);
    later = 6000;
    expect(await find()).toHaveLength(1);
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
