/** Uploads that go on beside the lines after them, one at a time, and the events that seal them; knows no checkpoint. */
import type { EventOf } from '../../graph/run/events.ts';

type Seal = EventOf<'CHECKPOINT_SEALED'>;

export interface Seals {
  /** Begins an upload as soon as those before it are done. */
  add(upload: () => Promise<Seal>): void;
  /** Seals of what is uploaded by now, each once, in the order of their uploads. Throws what stopped an upload. */
  take(): Seal[];
  /** Resolves when no upload is under way; never rejects. */
  settled(): Promise<void>;
}

/** @param onSeal called when there is something to take */
export function createSeals(onSeal: () => void): Seals {
  let tail: Promise<void> = Promise.resolve();
  const sealed: Seal[] = [];
  let failure: { readonly cause: unknown } | null = null;
  return {
    add: (upload) => {
      tail = tail.then(async () => {
        // A later checkpoint is not sealed before an earlier one.
        if (failure) return;
        try {
          const seal = await upload();
          sealed.push(seal);
        } catch (cause) {
          failure = { cause };
        }
        onSeal();
      });
    },
    take: () => {
      if (failure) throw failure.cause;
      return sealed.splice(0);
    },
    settled: () => tail,
  };
}
