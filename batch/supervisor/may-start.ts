/** Whether a container may begin an attempt of its run: a pure judgement of the folded journal. */
import { limitReached } from '../../graph/money/limits.ts';
import { REASONS, type Reason, reason } from '../../graph/run/reasons.ts';
import { type AttemptState, isTerminal, type RunState } from '../../graph/run/state.ts';
import { HEARTBEAT_LIMIT_MS } from '../../graph/run/view.ts';
import type { Spec } from '../../graph/spec/spec.ts';

export type StartVerdict =
  | { readonly kind: 'START'; readonly cause: AttemptState['cause'] }
  /** Nothing to do for this container. */
  | { readonly kind: 'LEAVE'; readonly why: string }
  /** The run ends before it computes. */
  | { readonly kind: 'END'; readonly phase: 'STOPPED' | 'FAILED'; readonly reason: Reason };

/** Judges whether the job of a launch may begin an attempt now. */
export function mayStart(
  spec: Spec,
  state: RunState,
  { launch, jobId, now }: { readonly launch: number; readonly jobId: string; readonly now: Date },
): StartVerdict {
  if (state.deleted) return { kind: 'LEAVE', why: 'the run was deleted' };
  if (isTerminal(state.phase)) return { kind: 'LEAVE', why: `the run has ended: ${state.phase}` };
  const newest = state.launches.at(-1);
  if (newest && newest.launch > launch) return { kind: 'LEAVE', why: `launch ${newest.launch} has replaced ${launch}` };
  const rival = state.attempts.at(-1);
  if (rival && rival.jobId !== jobId && isLive(rival, state.heardAt, now)) {
    return { kind: 'LEAVE', why: `job ${rival.jobId} is at work on attempt ${rival.number}` };
  }
  if (state.stopRequested) return { kind: 'END', phase: 'STOPPED', reason: stoppedReason(state.stopRequested) };
  // Whatever was open fell silent long ago: it is counted until then, not until now.
  const reached = limitReached(spec, state);
  if (reached) return { kind: 'END', phase: 'STOPPED', reason: reached };
  const attempts = state.attempts.filter((attempt) => attempt.launch === launch && !lostItsHost(attempt));
  if (attempts.length >= 2 && attempts.slice(-2).every((attempt) => !attempt.sealed)) {
    const last = attempts.at(-1)?.endReason?.message;
    const message = last ? `${REASONS.CRASH_LOOP} The last one: ${last}` : REASONS.CRASH_LOOP;
    return { kind: 'END', phase: 'FAILED', reason: reason('CRASH_LOOP', message) };
  }
  return { kind: 'START', cause: causeOf(state, launch) };
}

/** Why a run that was asked to stop has stopped. */
export function stoppedReason(requested: Reason): Reason {
  return reason(requested.code === 'STOP_REQUESTED' ? 'STOPPED_BY_USER' : requested.code);
}

function isLive(attempt: AttemptState, heardAt: string | null, now: Date): boolean {
  if (attempt.endedAt !== null) return false;
  return now.getTime() - Date.parse(heardAt ?? attempt.startedAt) < HEARTBEAT_LIMIT_MS;
}

/**
 * An attempt whose host was taken away is no crash, however little it got done, and whoever says so: itself, the queue,
 * or the start of the next one. An attempt that is open here is about to be followed by the next one.
 */
function lostItsHost(attempt: AttemptState): boolean {
  return attempt.endedAt === null || attempt.endReason?.code === 'HOST_LOST';
}

function causeOf(state: RunState, launch: number): AttemptState['cause'] {
  if (state.attempts.length === 0) return 'START';
  const isFirst = !state.attempts.some((attempt) => attempt.launch === launch);
  return isFirst && state.launches.at(-1)?.cause === 'RESUME' ? 'RESUME' : 'RETRY';
}
