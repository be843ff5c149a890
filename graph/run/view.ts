/** What a run looks like at a moment: the parts of an answer that need the time or the spec beside the state. */
import type { Snapshot } from './load.ts';
import { type Reason, reason } from './reasons.ts';

/** Silence after which a trainer's heartbeat counts as lost, milliseconds. */
export const HEARTBEAT_LIMIT_MS = 60_000;

/** The reason of the folded state, or HEARTBEAT_LOST where a running trainer has been silent for too long. */
export function reasonAt({ state }: Snapshot, now: Date): Reason | null {
  if (state.phase === 'RUNNING' && state.heardAt !== null) {
    const silence = now.getTime() - Date.parse(state.heardAt);
    if (silence > HEARTBEAT_LIMIT_MS) return reason('HEARTBEAT_LOST');
  }
  return state.reason;
}

/** How far a run has come, 0 to 1. */
export function progressOf({ file, state }: Snapshot): number {
  if (state.phase === 'SUCCEEDED') return 1;
  const { spec } = file;
  return Math.min(1, spec.task === 'TRAIN' ? state.step / spec.steps : state.fraction);
}
