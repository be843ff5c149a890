/** Places in a journal: one kind of cursor for query, polling and subscription; opaque to clients, in text order here. */

/** The last event a reader has consumed. `index` counts the events of the segment at `position`, from 0. */
export interface Cursor {
  readonly position: number;
  readonly index: number;
}

/** Before the first event; journal positions begin at 1. */
export const START: Cursor = { position: 0, index: 0 };

/** Text of a cursor. Two texts compare as their cursors do. */
export function formatCursor(cursor: Cursor): string {
  return `${String(cursor.position).padStart(10, '0')}.${String(cursor.index).padStart(5, '0')}`;
}

/** The cursor in a text, or null where it is none of ours. */
export function parseCursor(text: string): Cursor | null {
  const match = /^(\d{10})\.(\d{5})$/.exec(text);
  return match ? { position: Number(match[1]), index: Number(match[2]) } : null;
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.position - b.position || a.index - b.index;
}
