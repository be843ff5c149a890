/** Waits for a lock between processes and holds it for some work; knows nothing of what it guards. */
import { setTimeout as pause } from 'node:timers/promises';
import { tryLock } from './lock.ts';

export interface LockOptions {
  /** Folder for temporary files, on the same file system as the lock. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/** Longest time between two looks at a lock that is held, in milliseconds. */
const LONGEST_PAUSE_MS = 20;

/**
 * Runs `work` while no other holder of the lock at `path` does, on this machine.
 *
 * @throws what `work` throws; the signal's reason, when aborted while waiting; errors of the file system.
 */
export async function withLock<T>(path: string, { scratch, signal }: LockOptions, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const locking = tryLock(path, scratch);
    if (locking.kind === 'taken') {
      try {
        return await work();
      } finally {
        locking.release();
      }
    }
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 + tries), undefined, signal ? { signal } : {});
  }
}
