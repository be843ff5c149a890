/** Maps a stream by an asynchronous function, several at once, in order; knows nothing of what it maps. */

/** Yields `map(item)` in the order of the items, with at most `concurrency` of them under way or waiting to be taken. */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = map(item);
      // Looked at when its turn comes; until then a rejection must not count as unhandled.
      result.catch(() => {});
      pending.push(result);
      const next = pending.length >= concurrency ? pending.shift() : undefined;
      if (next !== undefined) yield await next;
    }
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) yield await next;
  } finally {
    // Whoever stops early may close what the others still read.
    await Promise.allSettled(pending);
  }
}
