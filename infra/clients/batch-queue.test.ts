import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalQueue, startQueue } from '../local/queue/queue.ts';
import type { BatchJobStateChange } from '../local/queue/state-change.ts';
import { startFaultProxy } from '../test/fault-proxy.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { openBatchQueue } from './batch-queue.ts';

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
const names = {
  region: 'us-east-1',
  credentials,
  jobQueues: { training: 'ganway', tasks: 'ganway-tasks' },
  jobDefinition: 'ganway-trainer',
};
/** Ends each attempt with the code that stands for it in GANWAY_EXITS, or waits to be ended. */
const TRAINER = `
  const codes = (process.env.GANWAY_EXITS ?? '').split(' ').filter(Boolean);
  const code = codes[Number(process.env.AWS_BATCH_JOB_ATTEMPT) - 1];
  if (code === undefined) setInterval(() => {}, 1000); else process.exit(Number(code));`;

const home = temporaryFolder();
let server: LocalQueue;
let losesReply = false;
/** Those who wait for a job to get into a state. */
const waiting: { jobId: string; done: (status: string) => boolean; resolve: () => void }[] = [];

beforeAll(async () => {
  server = await startQueue({
    home,
    slots: 2,
    credentials,
    region: names.region,
    command: { file: process.execPath, args: ['-e', TRAINER], cwd: home, env: {} },
    onSubmitReply: () => (losesReply ? 'drop' : 'send'),
    onStateChange: async ({ detail }: BatchJobStateChange) => {
      for (const { jobId, done, resolve } of waiting) if (jobId === detail.jobId && done(detail.status)) resolve();
    },
  });
});
afterAll(async () => {
  await server.close({ graceful: false });
});

const open = () => openBatchQueue({ ...names, endpoint: server.endpoint });
const ended = (status: string): boolean => status === 'SUCCEEDED' || status === 'FAILED';

/** Waits for the queue's own word that a job got there. */
async function reaches(jobId: string, done: (status: string) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push({ jobId, done, resolve });
    if (server.jobs().some((job) => job.jobId === jobId && done(job.status))) resolve();
  });
}

test('submits environment, attempts, time limit and the five rules about retries', async () => {
  const { jobId } = await open().submit({
    name: 'demo-1',
    queue: 'training' as const,
    environment: { GANWAY_RUN_ID: 'demo', GANWAY_EXITS: '0' },
    attempts: 7,
    timeoutSeconds: 3600,
  });
  const job = server.jobs().find((candidate) => candidate.jobId === jobId);
  expect(job).toMatchObject({ jobName: 'demo-1', timeout: { attemptDurationSeconds: 3600 } });
  expect(job?.container?.environment).toEqual(
    expect.arrayContaining([
      { name: 'GANWAY_RUN_ID', value: 'demo' },
      { name: 'GANWAY_EXITS', value: '0' },
    ]),
  );
  expect(job?.retryStrategy).toMatchObject({ attempts: 7 });
  expect(job?.retryStrategy?.evaluateOnExit).toHaveLength(5);
});

test('names the definition of the size and the queue of the way of paying, where there are such', async () => {
  const refusal = async (machine?: { size: string; spot: boolean }) => {
    const jobQueues = { ...names.jobQueues, onDemand: 'steady' };
    const queue = openBatchQueue({ ...names, jobQueues, jobDefinitionPrefix: 'lab-', endpoint: server.endpoint });
    const request = { name: 'sized', queue: 'training' as const, environment: { GANWAY_EXITS: '0' }, attempts: 1 };
    const submitted = queue.submit({ ...request, ...(machine && { machine }) });
    return submitted.then(
      () => 'none',
      (error: Error) => error.message,
    );
  };
  // The local queue has one definition: what it refuses is what it was asked for.
  expect(await refusal({ size: 'g5-xlarge', spot: true })).toContain('job definition lab-g5-xlarge does not exist');
  expect(await refusal({ size: 'g5-xlarge', spot: false })).toMatch(/steady/);
  expect(await refusal()).toBe('none');
  const { jobId } = await open().submit({
    ...{ name: 'one-size', queue: 'training', environment: { GANWAY_EXITS: '0' }, attempts: 1 },
    machine: { size: 'g5-xlarge', spot: false },
  });
  expect(jobId).toBeTruthy();
});

test('puts a job into the queue of its size and of the way of paying, where sizes have queues, and finds it there', async () => {
  const sizeQueues = { training: 'spot-', onDemand: 'steady-', sizes: ['g5-xlarge'] };
  const queue = openBatchQueue({ ...names, sizeQueues, endpoint: server.endpoint });
  const refusal = (machine: { size: string; spot: boolean }) => {
    const request = { name: 'sized', queue: 'training', environment: {}, attempts: 1 } as const;
    return queue.submit({ ...request, machine }).then(
      () => 'none',
      (error: Error) => error.message,
    );
  };
  expect(await refusal({ size: 'g5-xlarge', spot: true })).toContain('spot-g5-xlarge');
  expect(await refusal({ size: 'g5-xlarge', spot: false })).toContain('steady-g5-xlarge');
  const tasks = { name: 'small', queue: 'tasks', environment: { GANWAY_EXITS: '0' }, attempts: 1 } as const;
  expect((await queue.submit({ ...tasks, machine: { size: 'g5-xlarge', spot: false } })).jobId).toBeTruthy();
  await expect(queue.findByName('sized')).rejects.toThrow(/(spot|steady)-g5-xlarge/);
});

test('describes how a job went, attempt by attempt, and what is worth another one', async () => {
  const queue = open();
  const submit = async (exits: string) => {
    const request = { name: 'exits', queue: 'training' as const, environment: { GANWAY_EXITS: exits }, attempts: 10 };
    const { jobId } = await queue.submit(request);
    await reaches(jobId, ended);
    return (await queue.describe([jobId]))[0];
  };
  const done = await submit('75 137 0');
  expect(done).toMatchObject({ name: 'exits', status: 'SUCCEEDED' });
  expect(done?.attempts.map(({ exitCode }) => exitCode)).toEqual([75, 137, 0]);
  expect(done?.createdAt).toBeInstanceOf(Date);
  expect(done?.attempts[0]?.stoppedAt).toBeInstanceOf(Date);
  const failed = await submit('64 0');
  expect(failed).toMatchObject({ status: 'FAILED' });
  expect(failed?.attempts.map(({ exitCode }) => exitCode)).toEqual([64]);
});

test('finds every job of exactly one name, oldest first, over several pages', async () => {
  const queue = open();
  const environment = { GANWAY_EXITS: '0' };
  const ids: string[] = [];
  for (let job = 0; job < 103; job++)
    ids.push(
      (await queue.submit({ name: 'many', queue: job % 2 ? 'training' : 'tasks', environment, attempts: 1 })).jobId,
    );
  await queue.submit({ name: 'MANY', queue: 'training', environment, attempts: 1 });
  await queue.submit({ name: 'many-more', queue: 'tasks', environment, attempts: 1 });
  const found = await queue.findByName('many');
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const created = found.map(({ createdAt }) => createdAt?.getTime() ?? 0);
  expect(created).toEqual(created.toSorted((a, b) => a - b));
  expect(await queue.findByName('nobody')).toEqual([]);
  expect(await queue.describe([...ids, ...ids, 'forgotten'])).toHaveLength(103);
  expect(await queue.describe([])).toEqual([]);
});

test('terminates a job that runs, and leaves an ended one as it is', async () => {
  const queue = open();
  const { jobId } = await queue.submit({ name: 'endless', queue: 'training' as const, environment: {}, attempts: 10 });
  await reaches(jobId, (status) => status === 'RUNNING');
  await queue.terminate(jobId, 'Enough.');
  await reaches(jobId, ended);
  await queue.terminate(jobId, 'Again.');
  const [job] = await queue.describe([jobId]);
  expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Enough.' });
  expect(job?.attempts).toHaveLength(1);
});

test('has nothing to terminate where the queue has forgotten the job, and says so of any other trouble', async () => {
  await open().terminate('00000000-0000-0000-0000-000000000000', 'Enough.');
  const nowhere = openBatchQueue({ ...names, endpoint: 'http://127.0.0.1:9' });
  await expect(nowhere.terminate('x', 'Enough.')).rejects.toThrow();
  const { jobId } = await open().submit({ name: 'refusing', queue: 'training' as const, environment: {}, attempts: 1 });
  // TerminateJob wants a reason.
  await expect(open().terminate(jobId, '')).rejects.toThrow(/reason/);
  await open().terminate(jobId, 'Enough.');
});

describe('a submission that fails', () => {
  const request = { name: 'unlucky', queue: 'training' as const, environment: { GANWAY_EXITS: '0' }, attempts: 1 };

  test('is REJECTED with the words of the queue where it has said no', async () => {
    const unknown = openBatchQueue({ ...names, jobDefinition: 'nothing', endpoint: server.endpoint });
    await expect(unknown.submit(request)).rejects.toMatchObject({
      name: 'SubmitError',
      code: 'REJECTED',
      message: expect.stringMatching(/nothing/),
    });
    const stranger = openBatchQueue({
      ...names,
      credentials: { ...credentials, secretAccessKey: 'x' },
      endpoint: server.endpoint,
    });
    await expect(stranger.submit(request)).rejects.toMatchObject({ code: 'REJECTED' });
  });

  test('is UNKNOWN where the reply got lost, is not sent again, and the job is found by its name', async () => {
    losesReply = true;
    await expect(open().submit(request)).rejects.toMatchObject({ name: 'SubmitError', code: 'UNKNOWN' });
    losesReply = false;
    expect(await open().findByName(request.name)).toHaveLength(1);
  });

  test('is UNKNOWN where nobody answers, or with an error that does not tell', async () => {
    const nowhere = openBatchQueue({ ...names, endpoint: 'http://127.0.0.1:9' });
    await expect(nowhere.submit(request)).rejects.toMatchObject({ code: 'UNKNOWN' });
    const proxy = await startFaultProxy(server.endpoint);
    const timeouts = { connectMs: 1000, idleMs: 200 };
    const queue = openBatchQueue({ ...names, endpoint: proxy.url, timeouts });
    let asked = 0;
    for (const fault of [500, 503, 429, 'stall'] as const) {
      proxy.onRequest(() => {
        asked++;
        return fault;
      });
      await expect(queue.submit(request)).rejects.toMatchObject({ code: 'UNKNOWN' });
    }
    expect(asked).toBe(4);
    await proxy.close();
  });
});

test('a question is asked again where the answer got lost', async () => {
  const proxy = await startFaultProxy(server.endpoint);
  proxy.onRequest((_, count) => (count === 1 ? 'lose' : count === 2 ? 500 : null));
  const queue = openBatchQueue({ ...names, endpoint: proxy.url });
  expect(await queue.findByName('demo-1')).toHaveLength(1);
  await proxy.close();
});
