/** The journal as one attempt may write it: in order, patiently, and never again once the run goes on without it. */
import type { JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { refresh, type Snapshot } from '../../graph/run/load.ts';
import { isTerminal, type RunState } from '../../graph/run/state.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { type Patience, patiently } from './patience.ts';

export interface FencedJournal {
  /** The newest state known. */
  state(): RunState;
  /** `performance.now()` of the last event of ours. */
  lastAppend(): number;
  /** True while a write or look is under way or waits for the storage. */
  busy(): boolean;
  /** Appends as one segment. False where the attempt has been fenced: then nothing was written. */
  append(events: readonly JournalEvent[]): Promise<boolean>;
  /** Reads what others wrote. @throws StorageError */
  look(): Promise<void>;
}

export interface FencedJournalOptions extends Patience {
  readonly attempt: number;
  readonly launch: number;
  /** Called with every new state that holds something of others. */
  readonly onChange: (state: RunState) => void;
}

/** True where the run goes on without the attempt: a newer one, a newer launch, or an end has been journaled. */
export function isFenced(state: RunState, { attempt, launch }: { attempt: number; launch: number }): boolean {
  if (state.deleted || isTerminal(state.phase)) return true;
  return state.attempts.at(-1)?.number !== attempt || (state.launches.at(-1)?.launch ?? launch) > launch;
}

/** @param from the snapshot that holds the attempt's ATTEMPT_STARTED */
export function openFencedJournal(store: ObjectStore, from: Snapshot, options: FencedJournalOptions): FencedJournal {
  const runId = from.file.runId;
  let snapshot = from;
  let lastAppend = performance.now();
  let waiting = 0;
  let tail: Promise<unknown> = Promise.resolve();

  /** One after the other: a second write may not begin from the state before the first. */
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    waiting++;
    const result = tail.then(action).finally(() => waiting--);
    tail = result.catch(() => {});
    return result;
  };
  const adopt = (next: Snapshot): void => {
    const changed = next.state.cursor.position !== snapshot.state.cursor.position;
    snapshot = next;
    if (changed) options.onChange(next.state);
  };

  return {
    state: () => snapshot.state,
    lastAppend: () => lastAppend,
    busy: () => waiting > 0,
    append: (events) =>
      inTurn(async () => {
        // Always the same snapshot and the same events, so that a try that had come through is recognised.
        const begun = snapshot;
        const decide = (state: RunState) => (isFenced(state, options) ? null : events);
        const written = await patiently(() => append({ store }, runId, decide, begun), options);
        lastAppend = performance.now();
        adopt(written.snapshot);
        return written.appended;
      }),
    look: () => inTurn(async () => adopt(await refresh(store, snapshot))),
  };
}
