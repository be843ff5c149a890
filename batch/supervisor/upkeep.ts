/** What an attempt does by the clock beside publishing: look for others' events, give signs of life, mind the limits, cache the head. */
import { saveHead } from '../../graph/run/head.ts';
import type { Reason } from '../../graph/run/reasons.ts';
import { type ObjectStore, StorageError } from '../../graph/storage/ports.ts';
import type { FencedJournal } from './fenced-journal.ts';

const TICK_MS = 500;
/** An append that finds its position taken reads what others wrote: only who appends less often than this has to look. */
const LOOK_MS = 2_000;
const HEARTBEAT_MS = 15_000;
const HEAD_MS = 10_000;

export interface UpkeepOptions {
  readonly store: ObjectStore;
  readonly journal: FencedJournal;
  readonly runId: string;
  readonly attempt: number;
  /** Why the attempt has to end now; null while it may go on. */
  readonly limitReached: () => Reason | null;
}

/** Begins the upkeep. The function returned ends it, after a last head; call it once. */
export function startUpkeep({ store, journal, runId, attempt, limitReached }: UpkeepOptions): () => Promise<void> {
  let lastLook = performance.now();
  let lastHead = performance.now();
  let savedPosition = 0;
  let running: Promise<void> | null = null;
  const now = (): string => new Date().toISOString();

  const save = async (): Promise<void> => {
    const state = journal.state();
    lastHead = performance.now();
    if (state.cursor.position === savedPosition) return;
    await saveHead(store, runId, state);
    savedPosition = state.cursor.position;
  };
  const tick = async (): Promise<void> => {
    const time = performance.now();
    const reached = limitReached();
    if (!journal.busy()) {
      if (reached && journal.state().stopRequested === null) {
        await journal.append([{ type: 'STOP_REQUESTED', at: now(), by: 'ganway', reason: reached }]);
      } else if (time - journal.lastAppend() >= HEARTBEAT_MS) {
        await journal.append([{ type: 'HEARTBEAT', at: now(), attempt, step: journal.state().step }]);
      } else if (time - Math.max(lastLook, journal.lastAppend()) >= LOOK_MS) {
        lastLook = time;
        await journal.look();
      }
    }
    if (time - lastHead >= HEAD_MS) await save();
  };
  const timer = setInterval(() => {
    running ??= quietly(tick).finally(() => {
      running = null;
    });
  }, TICK_MS);

  return async () => {
    clearInterval(timer);
    await running;
    await quietly(save);
  };
}

/** The storage may be down: the next tick tries again. */
async function quietly(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}
