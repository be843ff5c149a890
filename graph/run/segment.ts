/** One segment of a journal as bytes: a line of JSON an event; knows no positions and no storage. */
import { type JournalEvent, parseEvent } from './events.ts';

export function encodeSegment(events: readonly JournalEvent[]): Uint8Array {
  return new TextEncoder().encode(events.map((event) => `${JSON.stringify({ v: 1, ...event })}\n`).join(''));
}

/** The events of a segment in order. Null where a line is of a kind or shape this version does not know: it keeps its index. */
export function decodeSegment(body: Uint8Array): (JournalEvent | null)[] {
  const lines = new TextDecoder().decode(body).split('\n');
  return lines.filter((line) => line !== '').map((line) => parseEvent(parseJson(line)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
