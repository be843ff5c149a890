/** What is remembered of runs that were read whole, up to a number of rows over all of them; reads nothing itself. */
import { LRUCache } from 'lru-cache';

/** Anything with rows in it, which may grow. */
export interface Rows {
  readonly metrics: readonly unknown[];
  readonly samples: readonly unknown[];
  readonly checkpoints: readonly unknown[];
}

export interface Pasts<T extends Rows> {
  get(runId: string): T | undefined;
  /** Remembers a past as large as it is now; say it again when it has grown. One larger than all is not kept. */
  keep(runId: string, past: T): void;
}

/** A row of ten metrics takes some 400 bytes, so this is about 200 MB. */
const MOST_ROWS = 500_000;
const MOST_RUNS = 100;

export function createPasts<T extends Rows>(mostRows = MOST_ROWS): Pasts<T> {
  const cache = new LRUCache<string, T>({
    max: MOST_RUNS,
    maxSize: mostRows,
    // A size of zero is none.
    sizeCalculation: ({ metrics, samples, checkpoints }) => 1 + metrics.length + samples.length + checkpoints.length,
  });
  return {
    get: (runId) => cache.get(runId),
    keep: (runId, past) => {
      // The cache measures a value only when it is new to it.
      cache.delete(runId);
      cache.set(runId, past);
    },
  };
}
