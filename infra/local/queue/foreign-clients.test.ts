import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { awsEnvironment } from '../../test/foreign/python.ts';
import { type Bench, credentials, openBench, PATIENCE_MS, region } from './testing/bench.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

/** Commands that run on this machine: these clients are other people's and need not be there. */
const has = (file: string, ...args: string[]) => {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasAws = has('aws', '--version');
const hasBoto = has('python3', '-c', 'import boto3');

const environment = awsEnvironment({ region, ...credentials });

const call = async (file: string, args: string[], env: NodeJS.ProcessEnv = environment) =>
  (await promisify(execFile)(file, args, { env })).stdout;

describe.runIf(hasAws)('the aws command line', () => {
  const aws = async (bench: Bench, ...args: string[]) => {
    const text = await call('aws', ['--endpoint-url', bench.queue.endpoint, '--output', 'json', 'batch', ...args]);
    return text === '' ? {} : JSON.parse(text);
  };

  test('submits, lists, describes and terminates', async () => {
    const bench = await openBench();
    const { jobId } = await aws(
      bench,
      ...['submit-job', '--job-name', 'from-the-shell', '--job-queue', 'ganway', '--job-definition', 'ganway-trainer'],
      ...['--container-overrides', 'environment=[{name=GANWAY_SCRIPT,value="exec sleep 600"}]'],
      ...['--retry-strategy', 'attempts=3', '--timeout', 'attemptDurationSeconds=3600'],
    );
    await bench.seen.reaches(jobId, 'RUNNING');
    const { jobSummaryList } = await aws(bench, 'list-jobs', '--job-queue', 'ganway');
    expect(jobSummaryList).toMatchObject([{ jobId, jobName: 'from-the-shell', status: 'RUNNING' }]);
    const filters = ['--filters', 'name=JOB_NAME,values=from-the-*'];
    const named = await aws(bench, 'list-jobs', '--job-queue', 'ganway', ...filters);
    expect(named.jobSummaryList).toHaveLength(1);
    await aws(bench, 'terminate-job', '--job-id', jobId, '--reason', 'enough');
    await bench.seen.reaches(jobId, 'FAILED');
    const { jobs } = await aws(bench, 'describe-jobs', '--jobs', jobId);
    expect(jobs).toMatchObject([
      { jobId, status: 'FAILED', statusReason: 'enough', timeout: { attemptDurationSeconds: 3600 } },
    ]);
  });

  test('is told what is wrong, and refused with a wrong secret', async () => {
    const bench = await openBench();
    const command = ['--endpoint-url', bench.queue.endpoint, 'batch', 'list-jobs', '--job-queue'];
    await expect(call('aws', [...command, 'other'])).rejects.toThrow(/ClientException.*Job queue other does not exist/);
    const wrong = { ...environment, AWS_SECRET_ACCESS_KEY: 'wrong' };
    await expect(call('aws', [...command, 'ganway'], wrong)).rejects.toThrow(/InvalidSignatureException/);
  });
});

describe.runIf(hasBoto)('boto3', () => {
  test('submits an array, pages through jobs and reads typed errors', async () => {
    const bench = await openBench({ slots: 2 });
    const script = `
import boto3, json, sys, time
batch = boto3.client('batch', endpoint_url=sys.argv[1])
job = batch.submit_job(jobName='from-python', jobQueue='ganway', jobDefinition='ganway-trainer:1', arrayProperties={'size': 2},
  containerOverrides={'environment': [{'name': 'GANWAY_SCRIPT', 'value': 'exit $AWS_BATCH_JOB_ARRAY_INDEX'}]})
while True:
  described = batch.describe_jobs(jobs=[job['jobId']])['jobs'][0]
  if described['status'] in ('SUCCEEDED', 'FAILED'): break
  time.sleep(0.02)
pages = batch.get_paginator('list_jobs').paginate(arrayJobId=job['jobId'], jobStatus='FAILED', PaginationConfig={'PageSize': 1})
failed = [each['jobId'] for page in pages for each in page['jobSummaryList']]
try:
  batch.submit_job(jobName='-', jobQueue='ganway', jobDefinition='ganway-trainer')
except batch.exceptions.ClientException as error:
  message = error.response['Error']['Message']
print(json.dumps({'status': described['status'], 'id': job['jobId'], 'failed': failed, 'message': message}))
`;
    const result = JSON.parse(await call('python3', ['-c', script, bench.queue.endpoint]));
    expect(result).toMatchObject({ status: 'FAILED', failed: [`${result.id}:1`] });
    expect(result.message).toMatch(/jobName/);
  });
});
