/** How AWS Batch shows a job to its clients; knows neither HTTP nor the disk. */
import { type FindJob, type StatusSummary, summarize } from './dependencies.ts';
import type { Attempt, Job, JobState } from './job.ts';
import { arn, DEFINITION } from './names.ts';

interface ContainerOutcome {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly logStreamName?: string;
}

/** A job as DescribeJobs returns it, as far as Ganway fills it. Times are milliseconds since 1970. */
export interface JobDetail {
  readonly jobArn: string;
  readonly jobName: string;
  readonly jobId: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly status: JobState['status'];
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly attempts: readonly {
    readonly container: ContainerOutcome;
    readonly startedAt?: number;
    readonly stoppedAt: number;
    readonly statusReason?: string;
  }[];
  readonly retryStrategy: { readonly attempts: number; readonly evaluateOnExit: readonly object[] };
  readonly timeout?: { readonly attemptDurationSeconds: number };
  readonly dependsOn: readonly { readonly jobId?: string; readonly type?: 'SEQUENTIAL' | 'N_TO_N' }[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly propagateTags: boolean;
  readonly platformCapabilities: readonly string[];
  readonly container: ContainerOutcome & {
    readonly environment: readonly { readonly name: string; readonly value: string }[];
    readonly resourceRequirements: readonly { readonly type: string; readonly value: string }[];
    readonly mountPoints: readonly [];
    readonly ulimits: readonly [];
    readonly volumes: readonly [];
  };
  readonly arrayProperties?: {
    readonly size?: number;
    readonly index?: number;
    readonly statusSummary?: StatusSummary;
  };
  readonly isCancelled: boolean;
  readonly isTerminated: boolean;
}

export interface JobSummary {
  readonly jobArn: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly jobDefinition: string;
  readonly createdAt: number;
  readonly status: JobState['status'];
  readonly statusReason?: string;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly container?: { readonly exitCode?: number; readonly reason?: string };
  readonly arrayProperties?: { readonly size?: number; readonly index?: number };
}

export function jobDetail(job: Job, region: string, find: FindJob): JobDetail {
  const { submission, state } = job;
  const last = job.attempts.at(-1);
  return {
    jobArn: arn(region, 'job', job.id),
    jobName: submission.jobName,
    jobId: job.id,
    jobQueue: arn(region, 'job-queue', submission.queue),
    jobDefinition: arn(region, 'job-definition', `${DEFINITION}:1`),
    ...progress(job),
    createdAt: job.createdAt,
    attempts: job.attempts.map((attempt) => ({
      container: outcome(attempt),
      ...(attempt.startedAt === undefined ? {} : { startedAt: attempt.startedAt }),
      stoppedAt: attempt.stoppedAt,
      ...(attempt.statusReason === undefined ? {} : { statusReason: attempt.statusReason }),
    })),
    retryStrategy: { attempts: submission.attempts, evaluateOnExit: submission.evaluateOnExit },
    ...(submission.timeoutSeconds === null ? {} : { timeout: { attemptDurationSeconds: submission.timeoutSeconds } }),
    dependsOn: submission.dependsOn.map(({ jobId, type }) => ({
      ...(jobId === null ? {} : { jobId }),
      ...(type === null ? {} : { type }),
    })),
    parameters: submission.parameters,
    tags: submission.tags,
    propagateTags: submission.propagateTags ?? false,
    platformCapabilities: ['EC2'],
    container: {
      ...(last === undefined ? {} : outcome(last)),
      ...('logStreamName' in state ? { logStreamName: state.logStreamName } : {}),
      environment: submission.environment,
      resourceRequirements: submission.resourceRequirements,
      mountPoints: [],
      ulimits: [],
      volumes: [],
    },
    ...arrayProperties(job, find),
    isCancelled: job.cancelled !== null,
    isTerminated: job.terminated !== null,
  };
}

export function jobSummary(job: Job, region: string): JobSummary {
  const last = job.attempts.at(-1);
  const { exitCode, reason } = last ?? {};
  return {
    jobArn: arn(region, 'job', job.id),
    jobId: job.id,
    jobName: job.submission.jobName,
    jobDefinition: arn(region, 'job-definition', `${DEFINITION}:1`),
    createdAt: job.createdAt,
    ...progress(job),
    ...(last === undefined
      ? {}
      : {
          container: {
            ...(exitCode === undefined ? {} : { exitCode }),
            ...(reason === undefined ? {} : { reason }),
          },
        }),
    ...arrayProperties(job),
  };
}

function progress({ state, attempts }: Job): Pick<JobDetail, 'status' | 'statusReason' | 'startedAt' | 'stoppedAt'> {
  switch (state.status) {
    case 'SUBMITTED':
    case 'PENDING':
    case 'RUNNABLE':
    case 'STARTING': {
      // A job between two attempts says why the last one ended.
      const statusReason = attempts.at(-1)?.statusReason;
      return { status: state.status, ...(statusReason === undefined ? {} : { statusReason }) };
    }
    case 'RUNNING':
      return { status: state.status, startedAt: state.startedAt };
    case 'SUCCEEDED':
    case 'FAILED': {
      const startedAt = attempts.at(-1)?.startedAt;
      const { status, statusReason, stoppedAt } = state;
      return { status, statusReason, ...(startedAt === undefined ? {} : { startedAt }), stoppedAt };
    }
  }
}

function outcome({ exitCode, reason, logStreamName }: Attempt): ContainerOutcome {
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    logStreamName,
  };
}

function arrayProperties(job: Job, find?: FindJob): Pick<JobDetail, 'arrayProperties'> {
  switch (job.place.kind) {
    case 'SINGLE':
      return {};
    case 'PARENT': {
      const statusSummary = find === undefined ? {} : { statusSummary: summarize(job, find) };
      return { arrayProperties: { size: job.place.size, ...statusSummary } };
    }
    case 'CHILD':
      return { arrayProperties: { index: job.place.index } };
  }
}
