/** The job queue over AWS Batch's API, for AWS and the local queue alike; knows nothing of runs. */
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import type { JobAttempt, JobQueue, JobRequest, QueuedJob } from '../../graph/storage/ports.ts';
import type { AwsCredentials } from './credentials.ts';
import { codeOf, statusOf } from './error-code.ts';
import { httpOptions, type Timeouts } from './http-options.ts';
import { RETRY_RULES } from './retry-rules.ts';

export interface BatchQueueOptions {
  /** URL of the local queue; left out for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: AwsCredentials;
  /** Names or ARNs of the queues. */
  readonly jobQueues: Readonly<Record<JobRequest['queue'], string>> & {
    /** For machines that are not spot; left out, they wait in the queue of all others. */
    readonly onDemand?: string | null;
  };
  /** Name, with or without revision, or ARN. */
  readonly jobDefinition: string;
  /** Before the id of a size: the name of the definition for jobs that say which machine they need. */
  readonly jobDefinitionPrefix?: string | null;
  /**
   * Before the id of a size: the names of its queues. Batch puts a job on any machine of a queue that it fits on: that of
   * its size it gets from a queue with no other.
   */
  readonly sizeQueues?: {
    readonly training: string;
    readonly onDemand: string;
    readonly sizes: readonly string[];
  } | null;
  /** Default: 2 s to connect, 10 s without a byte. */
  readonly timeouts?: Timeouts;
}

/**
 * Thrown by `submit`. `REJECTED`: the queue has said no and there is no job. `UNKNOWN`: no answer came, or none that
 * tells; there may be a job, to be found by its name.
 */
export class SubmitError extends Error {
  override readonly name = 'SubmitError';
  readonly code: 'REJECTED' | 'UNKNOWN';
  constructor(code: SubmitError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The most ids that DescribeJobs takes. */
const DESCRIBE_AT_ONCE = 100;

/** Too many requests or a time-out: the queue may have no objection at all, so that is no rejection. */
const UNDECIDED = new Set([408, 429]);

function submitError(error: unknown): SubmitError {
  const status = statusOf(error);
  const detail = error instanceof Error && error.message ? `${codeOf(error)}: ${error.message}` : codeOf(error);
  return status !== undefined && status >= 400 && status < 500 && !UNDECIDED.has(status)
    ? new SubmitError('REJECTED', `The job queue refuses the job (${detail}).`, { cause: error })
    : new SubmitError('UNKNOWN', `Whether the job queue has taken the job is not known (${detail}).`, { cause: error });
}

/** Drops what is undefined: absent and undefined are not the same in the port's types. */
function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

const date = (milliseconds: number | undefined): Date | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds);

function jobOf(detail: JobDetail): QueuedJob[] {
  const { jobId: id, jobName: name, status } = detail;
  if (!id || !name || !status) return [];
  const attempts = (detail.attempts ?? []).map(({ container, statusReason, startedAt, stoppedAt }) =>
    given<JobAttempt>({
      exitCode: container?.exitCode,
      reason: container?.reason,
      statusReason,
      startedAt: date(startedAt),
      stoppedAt: date(stoppedAt),
    }),
  );
  const { statusReason, createdAt, startedAt, stoppedAt } = detail;
  return [
    given<QueuedJob>({
      ...{ id, name, status, statusReason, attempts },
      ...{ createdAt: date(createdAt), startedAt: date(startedAt), stoppedAt: date(stoppedAt) },
    }),
  ];
}

/**
 * Opens a job queue. Nothing is sent until the first call.
 *
 * `submit` is sent exactly once and throws {@link SubmitError}; the other calls may be repeated without harm, so the
 * SDK retries them, and what they throw in the end is the SDK's error.
 */
export function openBatchQueue(options: BatchQueueOptions): JobQueue {
  const {
    endpoint,
    region,
    credentials,
    jobQueues,
    jobDefinition,
    jobDefinitionPrefix = null,
    sizeQueues = null,
  } = options;
  const { timeouts = { connectMs: 2000, idleMs: 10_000 } } = options;
  const connection = {
    region,
    requestHandler: httpOptions(timeouts),
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  };
  const client = new BatchClient({ ...connection, maxAttempts: 4 });
  const onceOnly = new BatchClient({ ...connection, maxAttempts: 1 });

  function queueFor(queue: JobRequest['queue'], machine: JobRequest['machine']): string {
    if (queue !== 'training' || !machine) return jobQueues[queue];
    if (sizeQueues) return `${machine.spot ? sizeQueues.training : sizeQueues.onDemand}${machine.size}`;
    return (machine.spot ? null : jobQueues.onDemand) ?? jobQueues.training;
  }

  const ofSizes = sizeQueues?.sizes.flatMap((id) => [`${sizeQueues.training}${id}`, `${sizeQueues.onDemand}${id}`]);
  const queues = [...new Set([...Object.values(jobQueues), ...(ofSizes ?? [])])].filter((name) => name != null);

  async function describe(jobIds: readonly string[]): Promise<QueuedJob[]> {
    const ids = [...new Set(jobIds)];
    const jobs: QueuedJob[] = [];
    for (let at = 0; at < ids.length; at += DESCRIBE_AT_ONCE) {
      const reply = await client.send(new DescribeJobsCommand({ jobs: ids.slice(at, at + DESCRIBE_AT_ONCE) }));
      jobs.push(...(reply.jobs ?? []).flatMap(jobOf));
    }
    return jobs;
  }

  async function idsByName(jobQueue: string, name: string): Promise<string[]> {
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
      // With a filter jobs of every status are listed, without one only the running ones.
      const filters = [{ name: 'JOB_NAME', values: [name] }];
      const page = await client.send(new ListJobsCommand({ jobQueue, filters, ...(nextToken ? { nextToken } : {}) }));
      // The filter does not tell capitals from small letters.
      for (const { jobId, jobName } of page.jobSummaryList ?? []) if (jobId && jobName === name) ids.push(jobId);
      nextToken = page.nextToken;
    } while (nextToken);
    return ids;
  }

  return {
    async submit({ name, queue, machine, environment, attempts, timeoutSeconds }: JobRequest) {
      const command = new SubmitJobCommand({
        jobName: name,
        jobQueue: queueFor(queue, machine),
        jobDefinition:
          machine && jobDefinitionPrefix !== null ? `${jobDefinitionPrefix}${machine.size}` : jobDefinition,
        containerOverrides: {
          environment: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
        },
        retryStrategy: { attempts, evaluateOnExit: [...RETRY_RULES] },
        ...(timeoutSeconds === undefined ? {} : { timeout: { attemptDurationSeconds: timeoutSeconds } }),
      });
      const reply = await onceOnly.send(command).catch((error: unknown) => {
        throw submitError(error);
      });
      if (!reply.jobId) throw new SubmitError('UNKNOWN', 'The job queue answered without the id of a job.');
      return { jobId: reply.jobId };
    },

    describe,

    async findByName(name) {
      const ids = await Promise.all(queues.map((jobQueue) => idsByName(jobQueue, name)));
      const jobs = await describe(ids.flat());
      return jobs.sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0));
    },

    async terminate(jobId, reason) {
      try {
        await client.send(new TerminateJobCommand({ jobId, reason }));
      } catch (error) {
        // A job the queue has forgotten has ended long ago.
        if (statusOf(error) !== 400 || (await describe([jobId])).length > 0) throw error;
      }
    },
  };
}
