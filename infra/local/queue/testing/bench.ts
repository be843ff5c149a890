/** A queue whose entry runs a script of the job's choice, and its clients, for as long as a test; no test itself. */
import { tmpdir } from 'node:os';
import { BatchClient, DescribeJobsCommand, type JobDetail, SubmitJobCommand } from '@aws-sdk/client-batch';
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { type LocalQueue, type QueueOptions, startQueue } from '../queue.ts';
import { type Recorder, recorder } from './recorder.ts';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'secret of the test' };
export const region = 'us-east-1';

/** Runs the shell script in the job's GANWAY_SCRIPT. */
export const scriptRunner = {
  file: '/bin/sh',
  args: ['-c', 'eval "$GANWAY_SCRIPT"'],
  cwd: tmpdir(),
  env: { PATH: process.env.PATH ?? '' },
};

/** For a whole test that starts processes; machines under load are slow at that. */
export const PATIENCE_MS = 60_000;

/** Asks until the answer is the expected one, for what no event tells. */
export const eventually = <T>(ask: () => T | Promise<T>) =>
  expect.poll(ask, { timeout: PATIENCE_MS / 2, interval: 10 });

export interface Bench {
  readonly queue: LocalQueue;
  readonly client: BatchClient;
  readonly home: string;
  readonly seen: Recorder;
  /** Submits a script; returns the job's id. */
  submit(script: string, more?: Partial<ConstructorParameters<typeof SubmitJobCommand>[0]>): Promise<string>;
  /** The job as DescribeJobs shows it. */
  describe(jobId: string): Promise<JobDetail>;
  /** The job once it has ended and its last event was taken. */
  ended(jobId: string): Promise<JobDetail>;
}

/** Starts a queue that ends with the test. */
export async function openBench(options: Partial<QueueOptions> = {}): Promise<Bench> {
  const home = options.home ?? temporaryFolder();
  const seen = recorder();
  const queue = await startQueue({
    home,
    slots: 1,
    credentials,
    region,
    command: scriptRunner,
    onStateChange: seen.take,
    killGraceMs: 5000,
    report: () => {},
    ...options,
  });
  const client = clientOf(queue.endpoint);
  onTestFinished(() => queue.close({ graceful: false }));
  const describe = async (jobId: string) => {
    const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [jobId] }));
    const [job] = jobs ?? [];
    if (job === undefined) throw new Error(`no job ${jobId}`);
    return job;
  };
  return {
    queue,
    client,
    home,
    seen,
    async submit(script, more = {}) {
      const { jobId } = await client.send(new SubmitJobCommand(submission(script, more)));
      if (jobId === undefined) throw new Error('SubmitJob returned no id');
      return jobId;
    },
    describe,
    async ended(jobId) {
      await seen.reaches(jobId, 'SUCCEEDED', 'FAILED');
      return describe(jobId);
    },
  };
}

export function clientOf(endpoint: string): BatchClient {
  const client = new BatchClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

export function submission(
  script: string,
  more: Partial<ConstructorParameters<typeof SubmitJobCommand>[0]> = {},
): ConstructorParameters<typeof SubmitJobCommand>[0] {
  return {
    jobName: 'a-job',
    jobQueue: 'ganway',
    jobDefinition: 'ganway-trainer',
    containerOverrides: { environment: [{ name: 'GANWAY_SCRIPT', value: script }] },
    ...more,
  };
}
