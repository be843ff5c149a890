/** The queue held against AWS Batch's own service model: whatever is said to it and by it, by three clients, in every state of a job. */
import {
  type BatchClient,
  CancelJobCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  type JobStatus,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { describe, expect, test, vi } from 'vitest';
import { foreignPython, runPython } from '../../test/foreign/python.ts';
import { type Bench, clientOf, credentials, openBench, PATIENCE_MS, region, submission } from './testing/bench.ts';
import { type Exchange, tap } from './testing/tap.ts';

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

const keys = { region, ...credentials };
const python = await foreignPython();

interface Verdict {
  readonly wrong: readonly string[];
  /** How many there were of each kind. */
  readonly checked: Readonly<Record<string, number>>;
}

/** What botocore's model says of exchanges and events. */
async function judge(exchanges: readonly Exchange[], events: readonly object[] = []): Promise<Verdict> {
  const lines = [...exchanges, ...events.map((event) => ({ event }))].map((entry) => JSON.stringify(entry));
  return JSON.parse(await runPython(python ?? '', 'batch_model.py', [], keys, lines.join('\n')));
}

const STATUSES: readonly JobStatus[] = [
  ...(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const),
];

/** A job in every way that one can go, each seen on its way and at its end. */
async function everyLife(bench: Bench, client: BatchClient): Promise<void> {
  const submit = async (script: string, more: Parameters<typeof submission>[1] = {}) =>
    (await client.send(new SubmitJobCommand(submission(script, more)))).jobId ?? '';
  const rules = [
    { action: 'RETRY' as const, onStatusReason: 'Host EC2*' },
    { action: 'RETRY' as const, onExitCode: '75' },
    { action: 'EXIT' as const, onReason: '*' },
  ];
  const retried = { retryStrategy: { attempts: 3, evaluateOnExit: rules } };
  const whole = {
    ...{ parameters: { size: '64' }, tags: { team: 'lab' }, propagateTags: true },
    timeout: { attemptDurationSeconds: 3600 },
    containerOverrides: {
      environment: [{ name: 'GANWAY_SCRIPT', value: 'exec sleep 600' }],
      resourceRequirements: [{ type: 'GPU' as const, value: '1' }],
    },
  };
  const endless = await submit('', { ...whole, ...retried });
  const tired = await submit('exec sleep 600', { timeout: { attemptDurationSeconds: 60 } });
  const waiting = await submit('true', { dependsOn: [{ jobId: endless }] });
  const array = await submit('exit $AWS_BATCH_JOB_ARRAY_INDEX', {
    ...{ arrayProperties: { size: 2 }, dependsOn: [{ type: 'SEQUENTIAL' }], jobQueue: 'ganway-tasks' },
  });
  const again = await submit('[ $AWS_BATCH_JOB_ATTEMPT = 2 ] || exit 75', { ...retried, jobQueue: 'ganway-tasks' });
  const cancelled = await submit('true');
  const ids = [endless, tired, waiting, array, `${array}:0`, `${array}:1`, again, cancelled];
  const look = async () => {
    await client.send(new DescribeJobsCommand({ jobs: ids }));
    for (const jobStatus of STATUSES) {
      await client.send(new ListJobsCommand({ jobQueue: 'ganway', jobStatus }));
      await client.send(new ListJobsCommand({ arrayJobId: array, jobStatus }));
    }
  };
  await look();
  await bench.seen.reaches(endless, 'RUNNING');
  await look();
  await client.send(new CancelJobCommand({ jobId: cancelled, reason: 'not needed' }));
  bench.queue.reclaim(endless);
  await bench.seen.until(({ detail }) => detail.jobId === endless && detail.attempts.length === 1);
  await look();
  await bench.seen.until(
    ({ detail }) => detail.jobId === endless && detail.attempts.length === 1 && detail.status === 'RUNNING',
  );
  await client.send(new TerminateJobCommand({ jobId: endless, reason: 'enough' }));
  for (const id of ids) await bench.seen.reaches(id, 'SUCCEEDED', 'FAILED');
  await look();
}

/** Every other question, and everything that is refused. */
async function everyQuestion(client: BatchClient): Promise<void> {
  const filters: readonly (readonly [string, string])[] = [
    ['JOB_NAME', 'a-*'],
    ['JOB_DEFINITION', 'ganway-trainer'],
    ['BEFORE_CREATED_AT', String(Date.now())],
    ['AFTER_CREATED_AT', '0'],
    ['SHARE_IDENTIFIER', 'x'],
  ];
  for (const [name, value] of filters) {
    const input = { jobQueue: 'ganway', maxResults: 1, filters: [{ name, values: [value] }] };
    const { nextToken } = await client.send(new ListJobsCommand(input));
    if (nextToken) await client.send(new ListJobsCommand({ ...input, nextToken }));
  }
  await client.send(new DescribeJobQueuesCommand({ jobQueues: ['ganway'] }));
  await client.send(new DescribeJobQueuesCommand({}));
  await client.send(new DescribeComputeEnvironmentsCommand({}));
  await client.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'ganway-trainer', status: 'ACTIVE' }));
  const refused = [
    client.send(new SubmitJobCommand(submission('true', { jobName: '-' }))),
    client.send(new SubmitJobCommand(submission('true', { jobQueue: 'other', shareIdentifier: 'me' }))),
    client.send(new SubmitJobCommand(submission('x'.repeat(31 * 1024)))),
    client.send(new DescribeJobsCommand({ jobs: Array(101).fill('x') })),
    client.send(new ListJobsCommand({ jobQueue: 'other' })),
    client.send(new TerminateJobCommand({ jobId: 'nobody', reason: 'x' })),
    client.send(new CancelJobCommand({ jobId: 'nobody', reason: 'x' })),
    client.send(new RegisterJobDefinitionCommand({ jobDefinitionName: 'mine', type: 'container' })),
  ];
  const outcomes = await Promise.allSettled(refused);
  expect(outcomes.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'));
}

describe.runIf(python)('by the model that botocore ships', () => {
  test('every request that is accepted, every answer and every event is as it must be', async () => {
    // Sixty seconds, which is the least that an attempt may be given, in 0.3.
    const bench = await openBench({ slots: 3, secondMs: 5 });
    const { endpoint, exchanges } = await tap(bench.queue.endpoint);
    const client = clientOf(endpoint);
    await everyLife(bench, client);
    await everyQuestion(client);
    const { wrong, checked } = await judge(exchanges, bench.seen.events);
    expect(wrong).toEqual([]);
    expect(Object.keys(checked).sort()).toEqual([
      ...['/v1/canceljob 200', '/v1/canceljob 400', '/v1/describecomputeenvironments 200'],
      ...[
        '/v1/describejobdefinitions 200',
        '/v1/describejobqueues 200',
        '/v1/describejobs 200',
        '/v1/describejobs 400',
      ],
      ...['/v1/listjobs 200', '/v1/listjobs 400', '/v1/registerjobdefinition 400'],
      ...[
        '/v1/submitjob 200',
        '/v1/submitjob 400',
        '/v1/submitjob 413',
        '/v1/terminatejob 200',
        '/v1/terminatejob 400',
      ],
      'event',
    ]);
    expect(checked.event).toBeGreaterThan(20);
  });

  test('so is what boto3 and the aws command line make of it', async () => {
    const bench = await openBench({ slots: 2 });
    const { endpoint, exchanges } = await tap(bench.queue.endpoint);
    const aws = async (...args: string[]) => {
      const words = ['--endpoint-url', endpoint, '--output', 'json', 'batch', ...args];
      return JSON.parse((await runPython(python ?? '', ['-m', 'awscli'], words, keys)) || '{}');
    };
    const queue = ['--job-queue', 'ganway', '--job-definition', 'ganway-trainer'];
    const script = (text: string) => ['--container-overrides', `environment=[{name=GANWAY_SCRIPT,value="${text}"}]`];
    const { jobId } = await aws(
      ...['submit-job', '--job-name', 'first-1', ...queue, ...script('exec sleep 600')],
      ...['--retry-strategy', 'attempts=2,evaluateOnExit=[{onReason="*",action=exit}]', '--tags', 'a=b'],
    );
    const behind = await aws('submit-job', '--job-name', 'second', ...queue, '--depends-on', `jobId=${jobId}`);
    await bench.seen.reaches(behind.jobId, 'PENDING');
    expect(await aws('list-jobs', '--job-queue', 'ganway', '--job-status', 'PENDING')).toMatchObject({
      jobSummaryList: [{ jobId: behind.jobId, status: 'PENDING' }],
    });
    await aws('cancel-job', '--job-id', behind.jobId, '--reason', 'changed my mind');
    await bench.seen.reaches(jobId, 'RUNNING');
    await runPython(python ?? '', 'terminate.py', [endpoint, 'ganway', 'first', 'enough'], keys);
    await bench.seen.reaches(behind.jobId, 'FAILED');
    const { jobs } = await aws('describe-jobs', '--jobs', jobId, behind.jobId);
    expect(jobs).toMatchObject([
      { statusReason: 'enough', tags: { a: 'b' }, isTerminated: true },
      { statusReason: 'changed my mind', isCancelled: true, attempts: [] },
    ]);
    expect(await aws('describe-job-queues')).toMatchObject({ jobQueues: [{ state: 'ENABLED' }, { state: 'ENABLED' }] });
    expect(await aws('describe-job-definitions')).toMatchObject({ jobDefinitions: [{ revision: 1 }] });
    const { wrong, checked } = await judge(exchanges);
    expect(wrong).toEqual([]);
    expect(Object.keys(checked).length).toBeGreaterThan(5);
  });
});
