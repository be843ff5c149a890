/** What the queue remembers of a job, and the pure steps from one state to the next; knows no disk and no process. */

import type { ProcessIdentity } from '../../process/identity.ts';
import type { Ending, ExitRule } from './evaluate-on-exit.ts';
import { evaluateOnExit } from './evaluate-on-exit.ts';
import type { QueueName } from './names.ts';
import type { BatchJobStateChange } from './state-change.ts';

export interface Dependency {
  /** Null only where an array job's children wait for one another. */
  readonly jobId: string | null;
  readonly type: 'SEQUENTIAL' | 'N_TO_N' | null;
}

/** A submission that passed validation; children of an array share their parent's. */
export interface Submission {
  readonly queue: QueueName;
  readonly jobName: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** Container starts allowed in all, 1 to 10. */
  readonly attempts: number;
  readonly evaluateOnExit: readonly ExitRule[];
  /** Limit of one attempt in seconds, null for none. */
  readonly timeoutSeconds: number | null;
  readonly dependsOn: readonly Dependency[];
  /** Null for a job that is no array. */
  readonly arraySize: number | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent in older records. */
  readonly propagateTags?: boolean;
  readonly resourceRequirements: readonly { readonly type: string; readonly value: string }[];
}

/** One container start that is over. */
export interface Attempt extends Ending {
  /** Milliseconds since 1970; absent where the process could not be started. */
  readonly startedAt?: number;
  readonly stoppedAt: number;
  /** Path of the file with what the process printed. */
  readonly logStreamName: string;
  /** Whether it uses up one of the attempts that the client allowed. */
  readonly counts: boolean;
}

export type JobState =
  | { readonly status: 'SUBMITTED' | 'PENDING' | 'RUNNABLE' }
  | { readonly status: 'STARTING'; readonly logStreamName: string }
  | {
      readonly status: 'RUNNING';
      readonly logStreamName: string;
      readonly startedAt: number;
      /** Null where the process was gone before it could be looked at. */
      readonly process: ProcessIdentity | null;
    }
  | { readonly status: 'SUCCEEDED' | 'FAILED'; readonly statusReason: string; readonly stoppedAt: number };

export type JobPlace =
  | { readonly kind: 'SINGLE' }
  | { readonly kind: 'PARENT'; readonly size: number }
  | { readonly kind: 'CHILD'; readonly parent: string; readonly index: number };

export interface Job {
  readonly v: 1;
  readonly id: string;
  /** Order of submission; children have their parent's. */
  readonly sequence: number;
  readonly place: JobPlace;
  readonly submission: Submission;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: JobState;
  readonly attempts: readonly Attempt[];
  /** Reason of a TerminateJob: such a job is never tried again. */
  readonly terminated: string | null;
  /** Reason of a CancelJob that waits for the job's dependencies. */
  readonly cancelled: string | null;
  /** State changes that nobody has acknowledged yet, oldest first; in the record so that neither is written without the other. */
  readonly outbox: readonly BatchJobStateChange[];
}

/** How an attempt came to its end. */
export type AttemptEnd =
  | { readonly kind: 'EXITED'; readonly exitCode: number }
  | { readonly kind: 'NOT_STARTED'; readonly reason: string }
  | { readonly kind: 'TIMED_OUT'; readonly exitCode: number }
  | { readonly kind: 'TERMINATED'; readonly exitCode: number; readonly reason: string }
  /** `ours`: the queue itself shut down or died, so the attempt does not count. */
  | { readonly kind: 'HOST_LOST'; readonly exitCode: number | null; readonly host: string; readonly ours: boolean };

export function hasEnded(job: Job): boolean {
  return job.state.status === 'SUCCEEDED' || job.state.status === 'FAILED';
}

export function childId(parent: string, index: number): string {
  return `${parent}:${index}`;
}

/** The children of an array job as they begin; one is written to disk only once it has moved on. */
export function childrenOf(parent: Job): Job[] {
  if (parent.place.kind !== 'PARENT') return [];
  return Array.from({ length: parent.place.size }, (_, index) => ({
    ...parent,
    id: childId(parent.id, index),
    place: { kind: 'CHILD' as const, parent: parent.id, index },
    state: { status: 'SUBMITTED' as const },
    attempts: [],
    terminated: null,
    cancelled: null,
    outbox: [],
  }));
}

export function fail(job: Job, statusReason: string, at: number): Job {
  return { ...job, state: { status: 'FAILED', statusReason, stoppedAt: at } };
}

/**
 * The job after its current attempt: over, or runnable once more.
 *
 * An attempt lost to the queue's own end does not count. AWS would count it, but there a host is lost now and then;
 * here it is lost each time a laptop goes to sleep for good, and ten restarts must not end a run.
 */
export function endAttempt(job: Job, end: AttemptEnd, at: number): Job {
  if (job.state.status !== 'STARTING' && job.state.status !== 'RUNNING') return job;
  const attempt: Attempt = {
    ...(job.state.status === 'RUNNING' ? { startedAt: job.state.startedAt } : {}),
    ...endingOf(end),
    stoppedAt: at,
    logStreamName: job.state.logStreamName,
    counts: !(end.kind === 'HOST_LOST' && end.ours),
  };
  const ended: Job = { ...job, attempts: [...job.attempts, attempt] };
  const statusReason = attempt.statusReason ?? '';
  if (job.terminated !== null) return fail(ended, job.terminated, at);
  switch (end.kind) {
    case 'TERMINATED':
    case 'TIMED_OUT':
      return fail(ended, statusReason, at);
    case 'EXITED':
    case 'HOST_LOST':
    case 'NOT_STARTED': {
      // A container that had finished before its host went away has succeeded.
      if (end.kind !== 'NOT_STARTED' && end.exitCode === 0) {
        return { ...ended, state: { status: 'SUCCEEDED', statusReason, stoppedAt: at } };
      }
      const used = ended.attempts.filter((each) => each.counts).length;
      const retry =
        used < job.submission.attempts && evaluateOnExit(job.submission.evaluateOnExit, attempt) === 'RETRY';
      return retry ? { ...ended, state: { status: 'RUNNABLE' } } : fail(ended, statusReason, at);
    }
  }
}

function endingOf(end: AttemptEnd): Ending {
  switch (end.kind) {
    case 'EXITED':
      return { exitCode: end.exitCode, statusReason: 'Essential container in task exited' };
    case 'NOT_STARTED':
      return { reason: `CannotStartContainerError: ${end.reason}`, statusReason: 'Task failed to start' };
    case 'TIMED_OUT':
      return { exitCode: end.exitCode, statusReason: 'Job attempt duration exceeded timeout' };
    case 'TERMINATED':
      return { exitCode: end.exitCode, statusReason: end.reason };
    case 'HOST_LOST': {
      if (end.exitCode === 0) return { exitCode: 0, statusReason: 'Essential container in task exited' };
      const exitCode = end.exitCode === null ? {} : { exitCode: end.exitCode };
      return { ...exitCode, statusReason: `Host EC2 (instance ${end.host}) terminated.` };
    }
  }
}
