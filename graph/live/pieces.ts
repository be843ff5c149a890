/** Decides where the batches of a page begin and end, so that `since` tells a reader the truth; knows no message and no size. */
import { type Cursor, compareCursors, formatCursor } from '../run/cursor.ts';
import type { EventPage } from '../run/replay.ts';

/** Reads a page; null where the run is no more. */
export type ReadPage = (after: Cursor, includeSuperseded: boolean) => Promise<EventPage | null>;

/**
 * The page as one batch, which continues from the last one sent and ends with an event that readers see: so readers who were sent
 * the same event last continue from the same place. None where there is nothing to see.
 */
export function asOneBatch(page: EventPage, since: Cursor): EventPage[] {
  const last = page.events.at(-1);
  return last === undefined ? [] : [{ ...page, since, cursor: last.cursor }];
}

/**
 * The page as batches of one event each, for readers who may have been sent any beginning of it before: a reader skips the batches
 * that begin before its own cursor and finds one that begins right there. It may have seen what has been superseded since, so
 * there is a batch for that too, which only moves the cursor.
 */
export async function asSingleEvents(page: EventPage, since: Cursor, read: ReadPage): Promise<EventPage[]> {
  const visible = new Set(page.events.map(({ cursor }) => formatCursor(cursor)));
  const batches: EventPage[] = [];
  let last = since;
  for (let after = page.since; compareCursors(after, page.cursor) < 0; ) {
    const all = await read(after, true);
    if (all === null) break;
    for (const placed of all.events) {
      if (compareCursors(placed.cursor, page.cursor) > 0) break;
      const events = visible.has(formatCursor(placed.cursor)) ? [placed] : [];
      batches.push({ ...page, since: last, cursor: placed.cursor, events, hasMore: true });
      last = placed.cursor;
    }
    after = all.cursor;
    if (!all.hasMore) break;
  }
  return batches.map((batch, index) => (index === batches.length - 1 ? { ...batch, hasMore: page.hasMore } : batch));
}
