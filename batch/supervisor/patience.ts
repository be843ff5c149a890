/** Waiting for a storage that is down: for as long as it takes, unless told to give up. */
import { setTimeout } from 'node:timers/promises';
import { StorageError } from '../../graph/storage/ports.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

export interface Patience {
  /** Aborted: the next error is thrown instead of waited for. Give the requests the same signal, or one that hangs is waited for. */
  readonly giveUp: AbortSignal;
  /** Told of the first error of a row, and of its end. */
  readonly say: (text: string) => void;
}

/**
 * Does an action again until no {@link StorageError} stops it. The action must bear being done twice.
 * @throws what is no StorageError, at once; and the last StorageError after `giveUp`.
 */
export async function patiently<T>(action: () => Promise<T>, { giveUp, say }: Patience): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      const result = await action();
      if (tries > 0) say('storage answers again');
      return result;
    } catch (error) {
      if (!(error instanceof StorageError) || giveUp.aborted) throw error;
      if (tries === 0) say(`storage does not answer, all is kept until it does: ${error.message}`);
      const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
      await setTimeout(wait, undefined, { signal: giveUp }).catch(() => {});
    }
  }
}
