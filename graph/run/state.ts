/** What a journal amounts to: the folded state of a run, small enough to be cached as its head. */
import type { Cursor } from './cursor.ts';
import type { EventOf, LaunchPrice } from './events.ts';
import type { JsonNumber } from './numbers.ts';
import type { Reason } from './reasons.ts';

export type RunPhase = 'QUEUED' | 'STARTING' | 'RUNNING' | 'STOPPING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

export interface PhaseSpan {
  readonly phase: RunPhase;
  readonly reason: Reason | null;
  /** As the event that began it said; `reason` may have changed since. */
  readonly firstReason: Reason | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The event that began it. */
  readonly cursor: Cursor;
}

export interface AttemptState {
  readonly number: number;
  readonly launch: number;
  readonly jobId: string;
  readonly cause: 'START' | 'RETRY' | 'RESUME' | 'GUARD';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly resumedFromStep: number | null;
  readonly exitCode: number | null;
  readonly endReason: Reason | null;
  readonly trainerVersion: string;
  readonly host: string | null;
  readonly device: string | null;
  readonly exact: boolean;
  readonly differs: readonly string[];
  /** When it last said anything: until then it certainly was there. */
  readonly heardAt: string;
  /** When its trainer began to compute; null where it never did. */
  readonly trainingSince: string | null;
  /** True once the attempt has sealed a checkpoint of its own. */
  readonly sealed: boolean;
  /** Which container start of its job the attempt runs in, from 1; older journals do not say. */
  readonly container?: number;
}

export interface LaunchState {
  readonly launch: number;
  readonly cause: 'CREATE' | 'RESUME' | 'RELAUNCH';
  readonly requestedAt: string;
  readonly jobId: string | null;
  /** When the journal first named this job; older heads do not say. */
  readonly jobSince?: string;
  /** Newest fact of the queue about the job. */
  readonly status: 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'LOST' | null;
  readonly jobAttempts: number;
  /** Of the job, as the queue knows them; the first is container 1. */
  readonly containers: NonNullable<EventOf<'JOB_STATE'>['containers']>;
  /** Null where it costs nothing. */
  readonly price: LaunchPrice | null;
}

export interface SampleRecord {
  readonly step: number;
  readonly kimg: number;
  readonly attempt: number;
  readonly set: string;
  readonly trigger: 'SCHEDULE' | 'CLOCK' | 'SIGNAL';
  readonly at: string;
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

export interface CheckpointRecord {
  readonly step: number;
  readonly kimg: number;
  readonly attempt: number;
  readonly trigger: 'SCHEDULE' | 'CLOCK' | 'SIGNAL';
  readonly at: string;
  /** Key of the manifest. */
  readonly manifest: string;
  readonly bytes: number;
}

/** A file that a task has made. */
export interface FileRecord {
  /** Path among the files of its run, e.g. `tfjs/model.json`. */
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SummaryValue {
  readonly step: number;
  readonly value: JsonNumber;
  readonly at: string;
  readonly attempt: number;
}

export interface RunState {
  readonly v: 1;
  /** Everything up to and with this event is in here. */
  readonly cursor: Cursor;
  readonly phase: RunPhase;
  readonly reason: Reason | null;
  readonly phases: readonly PhaseSpan[];
  readonly launches: readonly LaunchState[];
  readonly attempts: readonly AttemptState[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** When the trainer of the newest attempt last said anything. */
  readonly heardAt: string | null;
  readonly step: number;
  readonly kimg: number;
  /** 0 to 1, from PROGRESS events: tasks that have no steps. */
  readonly fraction: number;
  readonly stopRequested: Reason | null;
  /** Latest value of every metric. */
  readonly summary: Readonly<Record<string, SummaryValue>>;
  /** The summary when the newest checkpoint was sealed: what a rewind falls back on. */
  readonly sealedSummary: Readonly<Record<string, SummaryValue>>;
  /** The newest that are not superseded, oldest first, at most {@link RECENT_SAMPLES}; the whole list is in the history. */
  readonly recentSamples: readonly SampleRecord[];
  /** Not superseded, newest last; the newest is where the next attempt continues. */
  readonly checkpoints: readonly CheckpointRecord[];
  /** What the task has made, all of it or nothing. */
  readonly files: readonly FileRecord[];
  /** Undefined while nobody changed it: then spec.json's name holds. */
  readonly name: string | null | undefined;
  readonly labels: readonly string[];
  readonly notes: string | null;
  readonly pinned: boolean;
  /** What updateRun put in place of the spec's limits. */
  readonly limits: NonNullable<EventOf<'RUN_UPDATED'>['limits']>;
  readonly deleted: boolean;
}

/** Sheets a head keeps, so that a page of a run needs no history. */
export const RECENT_SAMPLES = 60;

export function isTerminal(phase: RunPhase): phase is 'SUCCEEDED' | 'FAILED' | 'STOPPED' {
  return phase === 'SUCCEEDED' || phase === 'FAILED' || phase === 'STOPPED';
}

/**
 * True where an attempt after `attempt` continued from before `step`: what was said there is no longer part of the run.
 * An attempt that starts afresh supersedes everything before it.
 */
export function isSuperseded(
  attempts: readonly Pick<AttemptState, 'number' | 'resumedFromStep'>[],
  attempt: number,
  step: number,
): boolean {
  return attempts.some((later) => later.number > attempt && (later.resumedFromStep ?? -1) < step);
}
