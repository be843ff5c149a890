import { request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  paginateListJobs,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
} from '@aws-sdk/client-batch';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test, vi } from 'vitest';
import { type Bench, credentials, openBench, PATIENCE_MS, region, submission } from './testing/bench.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

describe('signatures', () => {
  const ask = (bench: Bench, options: object) => {
    const client = new BatchClient({ endpoint: bench.queue.endpoint, region, credentials, maxAttempts: 1, ...options });
    return client.send(new ListJobsCommand({ jobQueue: 'ganway' })).finally(() => client.destroy());
  };

  test('another secret is refused', async () => {
    const bench = await openBench();
    const wrong = { credentials: { ...credentials, secretAccessKey: 'another' } };
    await expect(ask(bench, wrong)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('another key is refused', async () => {
    const bench = await openBench();
    const wrong = { credentials: { ...credentials, accessKeyId: 'AKIANOBODY' } };
    await expect(ask(bench, wrong)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('another region is refused', async () => {
    const bench = await openBench();
    await expect(ask(bench, { region: 'eu-west-1' })).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  test('a clock that is ten minutes off is refused', async () => {
    const bench = await openBench();
    await expect(ask(bench, { systemClockOffset: -600_000 })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('Signature expired'),
    });
  });

  test('a request without one is refused, whatever it asks for', async () => {
    const bench = await openBench();
    for (const path of ['/v1/listjobs', '/local/reclaim', '/nowhere']) {
      const reply = await plain(bench, path, '{}');
      expect(reply).toMatchObject({ status: 403, type: 'MissingAuthenticationTokenException' });
    }
  });

  test('a signed request whose body was changed on its way is refused and starts nothing', async () => {
    const bench = await openBench();
    const client = new BatchClient({ endpoint: bench.queue.endpoint, region, credentials, maxAttempts: 1 });
    client.middlewareStack.add(
      (next) => (args) => {
        const sent = args.request as { body: Uint8Array };
        sent.body = Buffer.from(Buffer.from(sent.body).toString().replace('true', 'evil'));
        return next(args);
      },
      // Behind the signing, which is in the same step.
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(client.send(new SubmitJobCommand(submission('true')))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    client.destroy();
    expect(bench.queue.jobs()).toEqual([]);
  });
});

describe('what is no request of AWS Batch', () => {
  test('a foreign Host header is refused', async () => {
    const bench = await openBench();
    const reply = await plain(bench, '/v1/listjobs', '{}', { host: 'evil.example:80' });
    expect(reply).toMatchObject({ status: 403, type: 'AccessDeniedException' });
  });

  test('a body above 30 KiB is refused', async () => {
    const bench = await openBench();
    await expect(bench.submit('x'.repeat(31 * 1024))).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  test('an operation that is unknown is 404', async () => {
    const bench = await openBench();
    bench.client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { path: string }).path = '/v1/makecoffee';
        return next(args);
      },
      { step: 'build' },
    );
    await expect(bench.client.send(new ListJobsCommand({ jobQueue: 'ganway' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

test('a spot loss can be asked for over HTTP, signed like all else', async () => {
  const bench = await openBench();
  const jobId = await bench.submit('[ $AWS_BATCH_JOB_ATTEMPT = 2 ] || exec sleep 600', {
    retryStrategy: { attempts: 2 },
  });
  await bench.seen.reaches(jobId, 'RUNNING');
  const signer = new SignatureV4({ credentials, region, service: 'batch', sha256: Sha256 });
  const { host, hostname } = new URL(bench.queue.endpoint);
  const signed = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, path: '/local/reclaim', query: {} },
    headers: { host, 'content-type': 'application/json' },
    body: JSON.stringify({ jobId }),
  });
  const reply = await fetch(`${bench.queue.endpoint}/local/reclaim`, {
    ...{ method: 'POST', headers: signed.headers, body: signed.body },
  });
  expect(await reply.json()).toEqual({ reclaimed: true });
  const job = await bench.ended(jobId);
  expect(job.attempts?.[0]?.statusReason).toMatch(/^Host EC2/);
  expect(job.status).toBe('SUCCEEDED');
});

describe('submissions that are refused', () => {
  test.each([
    ['an empty name', { jobName: '' }, /jobName/],
    ['a name that begins with a hyphen', { jobName: '-job' }, /jobName/],
    ['a name with a space', { jobName: 'a job' }, /jobName/],
    ['a name of 129 characters', { jobName: 'a'.repeat(129) }, /jobName/],
    ['an unknown queue', { jobQueue: 'other' }, /job queue other does not exist/],
    ['an unknown definition', { jobDefinition: 'other' }, /job definition other does not exist/],
    ['a revision that never was', { jobDefinition: 'ganway-trainer:7' }, /does not exist/],
    ['no attempts', { retryStrategy: { attempts: 0 } }, /from 1 to 10/],
    ['eleven attempts', { retryStrategy: { attempts: 11 } }, /from 1 to 10/],
    [
      'six rules',
      { retryStrategy: { attempts: 2, evaluateOnExit: Array(6).fill({ action: 'EXIT', onReason: '*' }) } },
      /at most 5 rules/,
    ],
    [
      'rules without attempts',
      { retryStrategy: { evaluateOnExit: [{ action: 'EXIT' as const, onReason: '*' }] } },
      /attempts is required/,
    ],
    [
      'an asterisk in the middle',
      { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT' as const, onExitCode: '1*3' }] } },
      /onExitCode/,
    ],
    [
      'a rule without a condition',
      { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT' as const }] } },
      /at least one of/,
    ],
    ['a timeout of 59 seconds', { timeout: { attemptDurationSeconds: 59 } }, /attemptDurationSeconds/],
    ['21 dependencies', { dependsOn: Array(21).fill({ jobId: 'x' }) }, /at most 20/],
    ['a dependency on nothing', { dependsOn: [{ jobId: 'nobody' }] }, /nobody to depend on does not exist/],
    ['an order among the children of no array', { dependsOn: [{ type: 'SEQUENTIAL' as const }] }, /array jobs only/],
    ['an array of one', { arrayProperties: { size: 1 } }, /from 2 to 10000/],
    ['an array of 10,001', { arrayProperties: { size: 10_001 } }, /from 2 to 10000/],
    ['a share identifier', { shareIdentifier: 'me' }, /fair-share/],
    ['a command', { containerOverrides: { command: ['rm', '-rf', '/'] } }, /command .* is fixed/],
    [
      'a variable that is not ours',
      { containerOverrides: { environment: [{ name: 'LD_PRELOAD', value: 'x' }] } },
      /LD_PRELOAD/,
    ],
    [
      'a variable of the service',
      { containerOverrides: { environment: [{ name: 'AWS_BATCH_JOB_ID', value: 'x' }] } },
      /AWS_BATCH_JOB_ID/,
    ],
  ])('%s', async (_, more, message) => {
    const bench = await openBench();
    await expect(bench.submit('true', more)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 400 },
    });
    expect(bench.queue.jobs()).toEqual([]);
  });

  test('every problem is named at once', async () => {
    const bench = await openBench();
    const bad = bench.submit('true', { jobName: '?', timeout: { attemptDurationSeconds: 1 } });
    await expect(bad).rejects.toThrow(/jobName.*attemptDurationSeconds/);
  });

  test('a variable that the definition allows is taken', async () => {
    const bench = await openBench({
      command: { file: '/bin/sh', args: ['-c', 'exit $CODE'], cwd: '/', env: {}, allowedEnvironment: ['CODE'] },
    });
    const environment = [{ name: 'CODE', value: '7' }];
    const job = await bench.ended(await bench.submit('', { containerOverrides: { environment } }));
    expect(job.container?.exitCode).toBe(7);
  });
});

describe('listing', () => {
  test('shows running jobs unless another status is asked for', async () => {
    const bench = await openBench();
    const done = await bench.submit('true');
    await bench.ended(done);
    const active = await bench.submit('exec sleep 600');
    await bench.seen.reaches(active, 'RUNNING');
    const ids = async (more: object) => {
      const { jobSummaryList } = await bench.client.send(new ListJobsCommand({ jobQueue: 'ganway', ...more }));
      return jobSummaryList?.map(({ jobId }) => jobId);
    };
    expect(await ids({})).toEqual([active]);
    expect(await ids({ jobStatus: 'SUCCEEDED' })).toEqual([done]);
    expect(await ids({ filters: [{ name: 'JOB_NAME', values: ['A-JOB'] }] })).toEqual([active, done]);
    expect(await ids({ filters: [{ name: 'JOB_NAME', values: ['a-*'] }] })).toEqual([active, done]);
    expect(await ids({ filters: [{ name: 'JOB_NAME', values: ['a'] }] })).toEqual([]);
    expect(await ids({ filters: [{ name: 'AFTER_CREATED_AT', values: ['0'] }] })).toEqual([active, done]);
    expect(await ids({ filters: [{ name: 'BEFORE_CREATED_AT', values: ['0'] }] })).toEqual([]);
    expect(await ids({ filters: [{ name: 'JOB_DEFINITION', values: ['ganway-trainer:1'] }] })).toEqual([active, done]);
  });

  test('pages do not overlap and miss nothing, though jobs come in between', async () => {
    const bench = await openBench();
    const ids: string[] = [];
    for (let job = 0; job < 5; job++) ids.push(await bench.submit('exec sleep 600'));
    const filters = [{ name: 'JOB_NAME', values: ['a-job'] }];
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListJobs({ client: bench.client, pageSize: 2 }, { jobQueue: 'ganway', filters })) {
      seen.push(...(page.jobSummaryList ?? []).map(({ jobId }) => jobId));
      await bench.submit('true');
    }
    expect(seen).toEqual(ids.reverse());
  });

  test.each([
    ['no queue', {}],
    ['an unknown queue', { jobQueue: 'other' }],
    ['two places at once', { jobQueue: 'ganway', arrayJobId: 'x' }],
    ['two filters', { jobQueue: 'ganway', filters: Array(2).fill({ name: 'JOB_NAME', values: ['x'] }) }],
    ['an unknown filter', { jobQueue: 'ganway', filters: [{ name: 'COLOUR', values: ['x'] }] }],
    ['a token of somebody else', { jobQueue: 'ganway', nextToken: 'nonsense' }],
  ])('%s is refused', async (_, input) => {
    const bench = await openBench();
    await expect(bench.client.send(new ListJobsCommand(input))).rejects.toMatchObject({ name: 'ClientException' });
  });
});

describe('describing', () => {
  test('jobs that are unknown are left out; more than a hundred are refused', async () => {
    const bench = await openBench();
    const jobId = await bench.submit('true');
    const { jobs } = await bench.client.send(new DescribeJobsCommand({ jobs: ['nobody', jobId] }));
    expect(jobs?.map((job) => job.jobId)).toEqual([jobId]);
    const many = new DescribeJobsCommand({ jobs: Array(101).fill('x') });
    await expect(bench.client.send(many)).rejects.toMatchObject({ name: 'ClientException' });
  });

  test('the queue, the definition and the compute environment are there by name', async () => {
    const { client } = await openBench();
    const queues = await client.send(new DescribeJobQueuesCommand({ jobQueues: ['ganway'] }));
    expect(queues.jobQueues).toMatchObject([{ jobQueueName: 'ganway', state: 'ENABLED', status: 'VALID' }]);
    expect((await client.send(new DescribeJobQueuesCommand({ jobQueues: ['other'] }))).jobQueues).toEqual([]);
    const definitions = await client.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'ganway-trainer' }));
    expect(definitions.jobDefinitions).toMatchObject([{ revision: 1, status: 'ACTIVE', type: 'container' }]);
    const environments = await client.send(new DescribeComputeEnvironmentsCommand({}));
    expect(environments.computeEnvironments).toMatchObject([
      { computeEnvironmentName: 'ganway-local', status: 'VALID' },
    ]);
  });

  test('a new job definition is refused with the reason', async () => {
    const { client } = await openBench();
    const command = new RegisterJobDefinitionCommand({ jobDefinitionName: 'mine', type: 'container' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining('one fixed command'),
    });
  });
});

/** One unsigned POST over a plain socket. */
function plain(bench: Bench, path: string, body: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; type: unknown }>((resolve, reject) => {
    const sent = request(`${bench.queue.endpoint}${path}`, { method: 'POST', headers }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve({ status: reply.statusCode, type: reply.headers['x-amzn-errortype'] }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
