/** Moves jobs from state to state and keeps the slots busy; knows no HTTP and no signatures. */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AttemptProcess, type EntryCommand, type ProcessEnd, startAttempt } from './attempt.ts';
import { foldArray, readiness, settled } from './dependencies.ts';
import { jobDetail } from './describe.ts';
import { clientException } from './errors.ts';
import { type AttemptEnd, endAttempt, fail, hasEnded, type Job, type Submission } from './job.ts';
import type { JobTable } from './job-table.ts';
import { longTimeout } from './long-timeout.ts';
import { COMPUTE_ENVIRONMENT, type QueueName } from './names.ts';
import type { Outbox } from './outbox.ts';
import { stateChange } from './state-change.ts';

export interface Scheduler {
  /** Accepts a job; its process starts within this turn of the event loop or the next where a slot is free. */
  submit(submission: Submission): Job;
  /** Ends a job in any state, for good. Throws AwsError where there is no such job. */
  terminate(jobId: string, reason: string): void;
  /** Ends a job that has not started; others stay as they are. Throws AwsError where there is no such job. */
  cancel(jobId: string, reason: string): void;
  /** Takes the host away under a running job, as a spot loss does. False where it does not run. */
  reclaim(jobId: string): boolean;
  /** Ends the attempt of a job whose process went with an earlier queue. */
  lose(jobId: string, host: string): void;
  /** Looks for what can move on. */
  wake(): void;
  /** Ends every attempt as on a lost host and starts none. */
  stop(graceMs: number): Promise<void>;
}

export interface SchedulerOptions {
  readonly table: JobTable;
  readonly outbox: Outbox;
  readonly command: EntryCommand;
  /** Attempts that run at once. */
  readonly slots: number;
  readonly region: string;
  /** Where the attempts' output goes. */
  readonly logs: string;
  readonly killGraceMs: number;
  /** Length of the second that attempt timeouts count in. */
  readonly secondMs: number;
  readonly now: () => number;
}

/** Why an attempt was told to stop. */
type Stopping =
  | { readonly kind: 'TERMINATED'; readonly reason: string }
  | { readonly kind: 'TIMED_OUT' }
  | { readonly kind: 'HOST_LOST'; readonly host: string; readonly ours: boolean };

interface Running {
  readonly process: AttemptProcess;
  stopping: Stopping | null;
  readonly over: Promise<void>;
}

/** Tasks are short and use little; one at a time is enough for a laptop. */
const TASK_SLOTS = 1;

/** State changes made in one turn of the event loop, so that an array of 10,000 does not hold up requests. */
const CHANGES_PER_TURN = 200;

export function openScheduler(options: SchedulerOptions): Scheduler {
  const { table, outbox, command, slots, region, logs, killGraceMs, secondMs, now } = options;
  const running = new Map<string, Running>();
  let turn: NodeJS.Immediate | undefined;
  let closing = false;

  /** Stores the job and, where its status changed, the event that says so. */
  const change = (job: Job): void => {
    const changed = table.find(job.id)?.state.status !== job.state.status;
    const event = changed ? [stateChange(jobDetail(job, region, table.find), region, now())] : [];
    table.put({ ...job, outbox: [...job.outbox, ...event] });
    if (changed) outbox.deliver(job.id);
  };

  const wake = (): void => {
    if (!closing) turn ??= setImmediate(advance);
  };

  const advance = (): void => {
    turn = undefined;
    let budget = CHANGES_PER_TURN;
    let moved: boolean;
    // Again while anything moves: what ends may free a job that was looked at before it.
    do {
      moved = false;
      for (const job of table.live()) {
        const next = promoted(job);
        if (next === null) continue;
        change(next);
        moved = true;
        budget -= 1;
        if (budget === 0) break;
      }
    } while (moved && budget > 0);
    for (const job of table.live()) {
      if (job.state.status !== 'RUNNABLE' || !hasSlot(job.submission.queue)) continue;
      if (promoted(job) === null) start(job);
    }
    if (budget === 0) wake();
  };

  const hasSlot = (queue: QueueName): boolean => {
    const busy = [...running.keys()].filter((id) => table.find(id)?.submission.queue === queue).length;
    return busy < (queue === 'ganway' ? slots : TASK_SLOTS);
  };

  /** The job after what its clients and the other jobs did to it, null where it stays as it is. */
  const promoted = (job: Job): Job | null => {
    if (job.place.kind === 'PARENT') {
      const state = foldArray(job, table.find, now());
      return state.status === job.state.status ? null : { ...job, state };
    }
    const { status } = job.state;
    if (!isWaiting(job)) return null;
    const parent = job.place.kind === 'CHILD' ? table.find(job.place.parent) : undefined;
    const terminated = job.terminated ?? parent?.terminated ?? null;
    if (terminated !== null) return fail({ ...job, terminated }, terminated, now());
    const cancelled = job.cancelled ?? parent?.cancelled ?? null;
    if (cancelled !== null && (status !== 'PENDING' || settled(job, table.find))) {
      return fail({ ...job, cancelled }, cancelled, now());
    }
    if (status === 'RUNNABLE') return null;
    switch (readiness(job, table.find)) {
      case 'ready':
        return { ...job, state: { status: 'RUNNABLE' } };
      case 'failed':
        return fail(job, 'Dependent Job failed', now());
      case 'waiting':
        return status === 'PENDING' ? null : { ...job, state: { status: 'PENDING' } };
    }
  };

  const start = (job: Job): void => {
    const attempt = job.attempts.length + 1;
    const logStreamName = join(logFolder(logs, job.id), `${attempt}.log`);
    change({ ...job, state: { status: 'STARTING', logStreamName } });
    const process = startAttempt(command, environmentOf(job, attempt), logStreamName);
    if (process.started) {
      const state = { status: 'RUNNING', logStreamName, startedAt: now(), process: process.identity } as const;
      change({ ...(table.find(job.id) ?? job), state });
    }
    const { timeoutSeconds } = job.submission;
    const disarm =
      timeoutSeconds === null
        ? () => {}
        : longTimeout(timeoutSeconds * secondMs, () => stop(job.id, { kind: 'TIMED_OUT' }, killGraceMs));
    const over = process.ended.then((end) => {
      disarm();
      finish(job.id, end);
    });
    running.set(job.id, { process, stopping: null, over });
  };

  const finish = (jobId: string, end: ProcessEnd): void => {
    const stopping = running.get(jobId)?.stopping ?? null;
    running.delete(jobId);
    const job = table.find(jobId);
    if (job !== undefined) change(endAttempt(job, endOf(end, stopping), now()));
    wake();
  };

  const stop = (jobId: string, stopping: Stopping, graceMs: number): void => {
    const attempt = running.get(jobId);
    if (attempt === undefined) return;
    attempt.stopping ??= stopping;
    attempt.process.stop(graceMs);
  };

  const known = (jobId: string): Job => {
    const job = table.find(jobId);
    if (job === undefined) throw clientException(`Job ${jobId} does not exist.`);
    return job;
  };

  const terminate = (jobId: string, reason: string): void => {
    const job = known(jobId);
    if (hasEnded(job)) return;
    table.put({ ...job, terminated: job.terminated ?? reason });
    stop(jobId, { kind: 'TERMINATED', reason }, killGraceMs);
    for (const id of running.keys()) {
      const place = table.find(id)?.place;
      if (place?.kind === 'CHILD' && place.parent === jobId) terminate(id, reason);
    }
    wake();
  };

  return {
    submit(submission) {
      const job: Job = {
        v: 1,
        id: randomUUID(),
        sequence: table.nextSequence(),
        place: submission.arraySize === null ? { kind: 'SINGLE' } : { kind: 'PARENT', size: submission.arraySize },
        submission,
        createdAt: now(),
        state: { status: 'SUBMITTED' },
        attempts: [],
        terminated: null,
        cancelled: null,
        outbox: [],
      };
      table.add(job);
      wake();
      return job;
    },
    terminate,
    cancel(jobId, reason) {
      const job = known(jobId);
      if (isWaiting(job)) table.put({ ...job, cancelled: job.cancelled ?? reason });
      wake();
    },
    reclaim(jobId) {
      known(jobId);
      if (!running.has(jobId)) return false;
      stop(jobId, { kind: 'HOST_LOST', host: inventHost(), ours: false }, killGraceMs);
      return true;
    },
    lose(jobId, host) {
      change(endAttempt(known(jobId), { kind: 'HOST_LOST', exitCode: null, host, ours: true }, now()));
    },
    wake,
    async stop(graceMs) {
      closing = true;
      clearImmediate(turn);
      const attempts = [...running];
      for (const [jobId] of attempts) stop(jobId, { kind: 'HOST_LOST', host: inventHost(), ours: true }, graceMs);
      await Promise.all(attempts.map(([, { over }]) => over));
    },
  };
}

/** Whether it can still be ended without a process to stop. */
function isWaiting({ state }: Job): boolean {
  return state.status === 'SUBMITTED' || state.status === 'PENDING' || state.status === 'RUNNABLE';
}

/** Where the output of a job's attempts lies. */
export function logFolder(logs: string, jobId: string): string {
  return join(logs, jobId.replace(':', '_'));
}

/** The name of a machine that never was. */
export function inventHost(): string {
  return `i-local${randomBytes(6).toString('hex')}`;
}

function environmentOf(job: Job, attempt: number): Record<string, string> {
  return {
    ...Object.fromEntries(job.submission.environment.map(({ name, value }) => [name, value])),
    AWS_BATCH_JOB_ID: job.id,
    AWS_BATCH_JOB_ATTEMPT: String(attempt),
    AWS_BATCH_JQ_NAME: job.submission.queue,
    AWS_BATCH_CE_NAME: COMPUTE_ENVIRONMENT,
    ...(job.place.kind === 'CHILD'
      ? {
          AWS_BATCH_JOB_ARRAY_INDEX: String(job.place.index),
          AWS_BATCH_JOB_ARRAY_SIZE: String(job.submission.arraySize),
        }
      : {}),
  };
}

function endOf(end: ProcessEnd, stopping: Stopping | null): AttemptEnd {
  if (end.kind === 'NOT_STARTED' || stopping === null) return end;
  return { ...stopping, exitCode: end.exitCode };
}
