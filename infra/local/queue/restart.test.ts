import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DescribeJobsCommand, ListJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { identify, isAlive } from '../../process/identity.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import {
  clientOf,
  credentials,
  eventually,
  openBench,
  PATIENCE_MS,
  region,
  scriptRunner,
  submission,
} from './testing/bench.ts';
import { recorder } from './testing/recorder.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const HOST_LOST = /^Host EC2 \(instance i-local[0-9a-f]+\) terminated\.$/;

/** Says which process it is, then waits for the gate in its home. */
const gated = (home: string, before = '') =>
  `${before} echo $$ > ${home}/pid-$AWS_BATCH_JOB_ATTEMPT.new; mv ${home}/pid-$AWS_BATCH_JOB_ATTEMPT.new ${home}/pid-$AWS_BATCH_JOB_ATTEMPT; until [ -e ${home}/gate ]; do sleep 0.01; done`;

describe('closing', () => {
  test('ends attempts as a lost host would, and the next start tries them again, as often as it takes', async () => {
    const home = temporaryFolder();
    let jobId = '';
    // More often than the job has attempts: those lost to our own end do not count.
    for (let round = 1; round <= 3; round++) {
      const bench = await openBench({ home });
      if (round === 1) jobId = await bench.submit(gated(home));
      await eventually(() => existsSync(join(home, `pid-${round}`))).toBe(true);
      await bench.queue.close();
    }
    writeFileSync(join(home, 'gate'), '');
    const bench = await openBench({ home });
    const job = await bench.ended(jobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(job.retryStrategy?.attempts).toBe(1);
    expect(job.attempts?.map(({ statusReason }) => statusReason)).toEqual([
      expect.stringMatching(HOST_LOST),
      expect.stringMatching(HOST_LOST),
      expect.stringMatching(HOST_LOST),
      'Essential container in task exited',
    ]);
  });

  test('lets an attempt finish within the grace: exit code 0 is success', async () => {
    const home = temporaryFolder();
    const bench = await openBench({ home });
    const jobId = await bench.submit(`trap "exit 0" TERM; ${gated(home).replace('sleep 0.01', 'sleep 0.01 & wait')}`);
    await eventually(() => existsSync(join(home, 'pid-1'))).toBe(true);
    await bench.queue.close();
    const again = await openBench({ home });
    expect(await again.describe(jobId)).toMatchObject({
      status: 'SUCCEEDED',
      attempts: [{ container: { exitCode: 0 } }],
    });
  });

  test('at once cuts a graceful close short', async () => {
    const home = temporaryFolder();
    const bench = await openBench({ home, killGraceMs: 600_000 });
    await bench.submit(gated(home, 'trap "" TERM;'));
    await eventually(() => existsSync(join(home, 'pid-1'))).toBe(true);
    const graceful = bench.queue.close();
    await bench.queue.close({ graceful: false });
    await graceful;
    expect(identify(Number(readFileSync(join(home, 'pid-1'), 'utf8')))).toBeNull();
  });

  test('kills what outlives the grace', async () => {
    const home = temporaryFolder();
    const bench = await openBench({ home, killGraceMs: 50 });
    const jobId = await bench.submit(gated(home, 'trap "" TERM;'));
    await eventually(() => existsSync(join(home, 'pid-1'))).toBe(true);
    await bench.queue.close();
    expect(identify(Number(readFileSync(join(home, 'pid-1'), 'utf8')))).toBeNull();
    writeFileSync(join(home, 'gate'), '');
    const again = await openBench({ home });
    expect((await again.ended(jobId)).attempts?.map(({ container }) => container?.exitCode)).toEqual([137, 0]);
  });
});

describe('another start', () => {
  test('knows all jobs, keeps their order and runs those that wait', async () => {
    const home = temporaryFolder();
    const first = await openBench({ home });
    const done = await first.submit('true', { jobName: 'done', tags: { of: 'a test' } });
    const before = await first.ended(done);
    const running = await first.submit(gated(home), { jobName: 'running' });
    const array = await first.submit('true', { jobName: 'array', arrayProperties: { size: 2 } });
    const last = await first.submit('true', { jobName: 'last', dependsOn: [{ jobId: array }] });
    await first.seen.reaches(last, 'PENDING');
    await first.queue.close();

    writeFileSync(join(home, 'gate'), '');
    const second = await openBench({ home });
    expect(await second.describe(done)).toEqual(before);
    expect((await second.ended(last)).status).toBe('SUCCEEDED');
    const { jobSummaryList } = await second.client.send(
      new ListJobsCommand({ jobQueue: 'ganway', jobStatus: 'SUCCEEDED' }),
    );
    expect(jobSummaryList?.map(({ jobId }) => jobId)).toEqual([last, array, running, done]);
  });

  test('delivers the state changes that nobody had taken', async () => {
    const home = temporaryFolder();
    const refuse = async () => {
      throw new Error('nobody there');
    };
    const deaf = await openBench({ home, onStateChange: refuse });
    const jobId = await deaf.submit('true');
    await eventually(async () => (await deaf.describe(jobId)).status).toBe('SUCCEEDED');
    await deaf.queue.close();
    const seen = recorder();
    await openBench({ home, onStateChange: seen.take });
    await seen.reaches(jobId, 'SUCCEEDED');
    expect(seen.statuses(jobId)).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });

  test('forgets jobs that ended a month ago, with their logs', async () => {
    const home = temporaryFolder();
    const bench = await openBench({ home });
    const old = await bench.submit('true', { arrayProperties: { size: 2 } });
    await bench.ended(old);
    await eventually(() => bench.queue.jobs().length).toBe(3);
    await bench.queue.close();
    const later = await openBench({ home, now: () => Date.now() + 31 * 24 * 3600 * 1000 });
    await eventually(() => readdirSync(join(home, 'logs')).length).toBe(0);
    expect(later.queue.jobs()).toEqual([]);
  });

  test('sets a broken job file aside, says so and goes on', async () => {
    const home = temporaryFolder();
    const first = await openBench({ home });
    const jobId = await first.submit('true');
    await first.ended(jobId);
    await first.queue.close();
    writeFileSync(join(home, 'jobs', 'broken.json'), '{"v":1,');
    const reports: string[] = [];
    const second = await openBench({ home, report: (message) => reports.push(message) });
    expect(second.queue.jobs().map((job) => job.jobId)).toEqual([jobId]);
    expect(reports).toEqual([expect.stringContaining('broken.json')]);
  });

  test('is refused while another queue has the home open', async () => {
    const { home } = await openBench();
    await expect(openBench({ home })).rejects.toThrow(/already open in process/);
  });

  test('a port in use is an error that frees the home again', async () => {
    const { queue } = await openBench();
    const home = temporaryFolder();
    const port = Number(new URL(queue.endpoint).port);
    await expect(openBench({ home, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await openBench({ home });
  });
});

describe('a queue process that is killed', () => {
  test('leaves orphans that the next start ends; their jobs are tried again', async () => {
    const home = temporaryFolder();
    const first = await startProcess(home);
    const client = clientOf(first.endpoint);
    const { jobId = '' } = await client.send(new SubmitJobCommand(submission(gated(home))));
    await eventually(() => existsSync(join(home, 'pid-1'))).toBe(true);
    const orphan = identify(Number(readFileSync(join(home, 'pid-1'), 'utf8')));
    if (orphan === null) throw new Error('the job does not run');

    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    expect(isAlive(orphan)).toBe(true);

    const second = await startProcess(home);
    expect(isAlive(orphan)).toBe(false);
    writeFileSync(join(home, 'gate'), '');
    const again = clientOf(second.endpoint);
    const describeJob = async () => (await again.send(new DescribeJobsCommand({ jobs: [jobId] }))).jobs?.[0];
    await eventually(async () => (await describeJob())?.status).toBe('SUCCEEDED');
    const job = await describeJob();
    expect(job?.attempts?.map(({ statusReason }) => statusReason)).toEqual([
      expect.stringMatching(HOST_LOST),
      'Essential container in task exited',
    ]);
    second.process.kill('SIGTERM');
    expect(await once(second.process, 'exit')).toEqual([0, null]);
    const events = readFileSync(join(home, 'events.ndjson'), 'utf8').trim().split('\n');
    // What was delivered shortly before the kill comes again, under the same id.
    const byId = new Map(events.map((line) => JSON.parse(line)).map(({ id, detail }) => [id, detail.status]));
    const statuses = [...byId.values()];
    expect(statuses).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });

  test('is noticed by its attempts through their standard input', async () => {
    const home = temporaryFolder();
    const { process: queue, endpoint } = await startProcess(home);
    const script = `echo $$ > ${home}/pid.new; mv ${home}/pid.new ${home}/pid; read line; exit 75`;
    await clientOf(endpoint).send(new SubmitJobCommand(submission(script)));
    await eventually(() => existsSync(join(home, 'pid'))).toBe(true);
    const attempt = identify(Number(readFileSync(join(home, 'pid'), 'utf8')));
    queue.kill('SIGKILL');
    await eventually(() => attempt !== null && isAlive(attempt)).toBe(false);
  });
});

async function startProcess(home: string): Promise<{ process: ChildProcess; endpoint: string }> {
  const options = { home, slots: 1, credentials, region, command: scriptRunner, killGraceMs: 2000 };
  const entry = fileURLToPath(new URL('testing/queue-process.ts', import.meta.url));
  const started = spawn(process.execPath, ['--import', 'tsx', entry, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void started.kill('SIGTERM'));
  const [endpoint] = (await once(createInterface(started.stdout), 'line')) as [string];
  return { process: started, endpoint };
}
