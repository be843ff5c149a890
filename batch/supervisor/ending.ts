/** What the end of a trainer means for its attempt, its run and the queue: a pure table. */
import { REASONS, type Reason, type ReasonCode, reason } from '../../graph/run/reasons.ts';
import { EXIT } from '../protocol.ts';
import { stoppedReason } from './may-start.ts';

/** How the trainer ended, from all who saw it. */
export interface Evidence {
  /** Of the process; both null where it was never started. */
  readonly exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  /** Its last line, where it wrote one. */
  readonly said:
    | { readonly type: 'end'; readonly outcome: 'DONE' | 'STOPPED' }
    | { readonly type: 'failed'; readonly code: string; readonly message: string }
    | null;
  /** In the journal by now. */
  readonly stopRequested: Reason | null;
  /** This container was told to go away. */
  readonly hostLost: boolean;
  /** The kernel killed for memory, or a library said that there was none. */
  readonly outOfMemory: boolean;
}

export interface Ending {
  readonly outcome: 'DONE' | 'STOPPED' | 'RETRY' | 'FAILED';
  readonly reason: Reason | null;
  /** Null where the run goes on. */
  readonly run: { readonly phase: 'SUCCEEDED' | 'FAILED' | 'STOPPED'; readonly reason: Reason | null } | null;
  /** Of the supervisor: what the queue's retry rules look at. */
  readonly exitCode: number;
}

/** Signals by which native code dies of itself, with their numbers. */
const CRASHES: Partial<Record<NodeJS.Signals, number>> = { SIGILL: 4, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGSEGV: 11 };
const SIGKILL = 9;
/** Failures that another try may not meet. */
const MENDABLE: ReadonlySet<ReasonCode> = new Set(['DISK_FULL', 'DATASET_DAMAGED']);

/** Judges the end of a trainer. */
export function judgeEnd({ exit, said, stopRequested, hostLost, outOfMemory }: Evidence): Ending {
  if (said?.type === 'end' && said.outcome === 'DONE') {
    return { outcome: 'DONE', reason: null, run: { phase: 'SUCCEEDED', reason: null }, exitCode: EXIT.done };
  }
  const failure = said?.type === 'failed' ? knownReason(said.code, said.message) : null;
  if (failure && !MENDABLE.has(failure.code)) return failed(failure, failureCode(exit.code));
  // From here on nothing is wrong with the run by the trainer's own account; whoever asked for the end gets it.
  if (stopRequested) {
    const why = stoppedReason(stopRequested);
    return { outcome: 'STOPPED', reason: why, run: { phase: 'STOPPED', reason: why }, exitCode: EXIT.done };
  }
  if (hostLost) return retry(reason('HOST_LOST'), EXIT.retry);
  if (failure) return retry(failure, EXIT.retry);
  // It could not even write its last line.
  if (exit.code === EXIT.retry && said === null) return retry(reason('DISK_FULL'), EXIT.retry);
  const crash = exit.signal ? CRASHES[exit.signal] : undefined;
  if (outOfMemory) return retry(reason('OUT_OF_MEMORY'), 128 + (crash ?? SIGKILL));
  if (crash !== undefined) return retry(reason('NATIVE_CRASH', `The trainer died of ${exit.signal}.`), 128 + crash);
  if (exit.signal === 'SIGKILL') return retry(reason('KILLED'), 128 + SIGKILL);
  if (exit.signal !== null || said?.type === 'end') return retry(reason('KILLED'), EXIT.retry);
  return failed(reason('TRAINER_BUG', `The trainer ended with exit code ${exit.code} and no word.`), EXIT.bug);
}

/** The end of an attempt after which the queue is asked for the next. */
export function retry(why: Reason, exitCode: number): Ending {
  return { outcome: 'RETRY', reason: why, run: null, exitCode };
}

/** The end of a run that no retry can better. */
export function failed(why: Reason, exitCode: number): Ending {
  return { outcome: 'FAILED', reason: why, run: { phase: 'FAILED', reason: why }, exitCode };
}

function knownReason(code: string, message: string): Reason {
  return Object.hasOwn(REASONS, code) ? reason(code as ReasonCode, message) : reason('TRAINER_BUG', message);
}

function failureCode(code: number | null): number {
  return code === EXIT.badSpec || code === EXIT.diverged ? code : EXIT.bug;
}
