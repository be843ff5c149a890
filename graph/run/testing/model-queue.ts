/** A job queue on paper: AWS Batch's rules under a clock that a test moves, with containers that are functions; no test. */
import type { BatchStateChange } from '../../../functions/status.ts';
import type { JobAttempt, JobQueue, JobRequest, JobStatus, QueuedJob } from '../../storage/ports.ts';

export type ContainerEnd = { readonly kind: 'exit'; readonly code: number } | { readonly kind: 'hostLost' };

/** What a container does: told its job and which start of it this is, from 1; `ended` says why it is to go, or null. */
export type Container = (job: {
  readonly id: string;
  readonly name: string;
  readonly container: number;
  readonly ended: () => string | null;
}) => Promise<ContainerEnd>;

export interface ModelQueue extends JobQueue {
  /** As DescribeJobs would show them all, oldest first, forgotten ones too. */
  jobs(): readonly QueuedJob[];
  /** The state changes since the last call, in the order in which they happened. */
  takeNews(): BatchStateChange[];
  /** Starts every job that waits, side by side, and lets each go on until it has ended. */
  run(container: Container): Promise<void>;
  /** No longer shows a job, nor lets it run. */
  forget(jobId: string): void;
}

interface Job {
  readonly id: string;
  readonly request: JobRequest;
  readonly createdAt: Date;
  readonly attempts: JobAttempt[];
  status: JobStatus;
  statusReason: string | null;
  terminated: string | null;
  forgotten: boolean;
}

/** @param lagMs how long an accepted job is neither listed nor described */
export function modelQueue(now: () => Date, lagMs = 0): ModelQueue {
  const all: Job[] = [];
  let news: BatchStateChange[] = [];

  const shown = (job: Job) => !job.forgotten && now().getTime() - job.createdAt.getTime() >= lagMs;
  const move = (job: Job, status: JobStatus, statusReason: string | null = null): void => {
    job.status = status;
    job.statusReason = statusReason;
    const { id, name, attempts, ...more } = seen(job);
    news.push({
      detail: {
        jobId: id,
        jobName: name,
        status,
        ...(more.statusReason !== undefined && { statusReason: more.statusReason }),
        attempts: attempts.map(({ exitCode, statusReason: why }) => ({
          ...(exitCode !== undefined && { container: { exitCode } }),
          ...(why !== undefined && { statusReason: why }),
        })),
      },
    });
  };
  const live = async (job: Job, container: Container): Promise<void> => {
    while (job.status === 'RUNNABLE') {
      move(job, 'STARTING');
      move(job, 'RUNNING');
      const start = job.attempts.length + 1;
      const ended = () => job.terminated;
      const end = await container({ id: job.id, name: job.request.name, container: start, ended });
      const statusReason = end.kind === 'hostLost' ? `Host EC2 (instance i-${start}) terminated.` : EXITED;
      job.attempts.push({ statusReason, ...(end.kind === 'exit' && { exitCode: end.code }) });
      if (job.terminated !== null) return move(job, 'FAILED', job.terminated);
      if (end.kind === 'exit' && end.code === 0) return move(job, 'SUCCEEDED', statusReason);
      const again = end.kind === 'hostLost' || end.code === 75 || /^13/.test(String(end.code));
      if (again && job.attempts.length < job.request.attempts) move(job, 'RUNNABLE', statusReason);
      else move(job, 'FAILED', statusReason);
    }
  };

  return {
    submit: async (request) => {
      const id = `job-${all.length + 1}`;
      const job: Job = {
        ...{ id, request, createdAt: now(), attempts: [], status: 'SUBMITTED', statusReason: null },
        ...{ terminated: null, forgotten: false },
      };
      all.push(job);
      move(job, 'RUNNABLE');
      return { jobId: id };
    },
    describe: async (ids) => all.filter((job) => shown(job) && ids.includes(job.id)).map(seen),
    findByName: async (name) => all.filter((job) => shown(job) && job.request.name === name).map(seen),
    terminate: async (jobId, reason) => {
      const job = all.find(({ id }) => id === jobId);
      if (!job || job.status === 'SUCCEEDED' || job.status === 'FAILED') return;
      job.terminated ??= reason;
      if (job.status === 'RUNNABLE') move(job, 'FAILED', job.terminated);
    },
    jobs: () => all.map(seen),
    takeNews: () => {
      const taken = news;
      news = [];
      return taken;
    },
    run: async (container) => {
      await Promise.all(all.filter(({ forgotten }) => !forgotten).map((job) => live(job, container)));
    },
    forget: (jobId) => {
      for (const job of all) if (job.id === jobId) job.forgotten = true;
    },
  };
}

const EXITED = 'Essential container in task exited';

function seen({ id, request, status, statusReason, attempts, createdAt }: Job): QueuedJob {
  return {
    ...{ id, name: request.name, status, createdAt, attempts: [...attempts] },
    ...(statusReason !== null && { statusReason }),
  };
}
