/** Tries something again until it works or time is up, with growing, jittered pauses; knows neither HTTP nor storage. */
import { setTimeout as pause } from 'node:timers/promises';

export interface RetryOptions {
  /** No new try begins later than this after the first one, in milliseconds. */
  readonly retryForMs: number;
  /** Whether another try may help. */
  readonly retryable: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Longest pause before the second try in milliseconds, default 50; doubles with each try up to 2000. */
  readonly firstPauseMs?: number;
}

const LONGEST_PAUSE_MS = 2000;

/**
 * Calls `attempt` until it resolves.
 *
 * Pauses are drawn uniformly from zero to a ceiling that doubles ("full jitter"), so that writers who collided do not
 * collide again.
 *
 * @throws the last error, when it is not retryable or when time is up; the signal's reason, when aborted during a pause.
 */
export async function retrying<T>(attempt: (tries: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { retryForMs, retryable, signal, firstPauseMs = 50 } = options;
  const deadline = performance.now() + retryForMs;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      const ceiling = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (tries - 1));
      const wait = Math.random() * ceiling;
      if (signal?.aborted || !retryable(error) || performance.now() + wait > deadline) throw error;
      await pause(wait, undefined, signal ? { signal } : {});
    }
  }
}
