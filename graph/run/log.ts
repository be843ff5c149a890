/** The log of a run: lines its containers printed, in chunks as they were uploaded; never parsed for meaning. */
import * as v from 'valibot';
import type { Ganway, Viewer } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { loadVisibleRun } from './visible.ts';

export interface LogLine {
  readonly at: string;
  readonly attempt: number;
  readonly text: string;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

const storedLine = v.object({ at: v.string(), text: v.string() });

/** Place of the last line read: attempt, chunk and index in it. Text order is reading order. */
interface LogCursor {
  readonly attempt: number;
  readonly chunk: number;
  readonly index: number;
}

const START: LogCursor = { attempt: 0, chunk: 0, index: -1 };

const format = ({ attempt, chunk, index }: LogCursor) =>
  `${String(attempt).padStart(4, '0')}.${String(chunk).padStart(8, '0')}.${String(index + 1).padStart(6, '0')}`;

/** The cursor in a text, or null where it is none of ours. */
export function parseLogCursor(text: string): LogCursor | null {
  const match = /^(\d{4})\.(\d{8})\.(\d{6})$/.exec(text);
  return match ? { attempt: Number(match[1]), chunk: Number(match[2]), index: Number(match[3]) - 1 } : null;
}

/** A page of the lines after a cursor, oldest first; null where there is no such run that the viewer may see. */
export async function readLog(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  runId: string,
  { first, after }: { readonly first: number; readonly after: LogCursor | null },
): Promise<LogPage | null> {
  if ((await loadVisibleRun(g, viewer, runId)) === null) return null;
  const lines: LogLine[] = [];
  let cursor = after ?? START;
  for await (const { place, line } of linesAfter(g.store, runId, cursor)) {
    if (lines.length === first) return { lines, cursor: format(cursor), hasMore: true };
    cursor = place;
    lines.push(line);
  }
  return { lines, cursor: format(cursor), hasMore: false };
}

async function* linesAfter(
  store: ObjectStore,
  runId: string,
  after: LogCursor,
): AsyncGenerator<{ place: LogCursor; line: LogLine }, void, void> {
  const prefix = `${keys.run(runId)}log/`;
  let startAfter: string | null = after.chunk > 0 ? keys.logChunk(runId, after.attempt, after.chunk - 1) : '';
  while (startAfter !== null) {
    const page = await store.list(prefix, { limit: 100, ...(startAfter && { startAfter }) });
    for (const { key } of page.objects) {
      const match = /log\/(\d{4})\/(\d{8})\.ndjson$/.exec(key);
      if (!match) continue;
      const [attempt, chunk] = [Number(match[1]), Number(match[2])];
      const object = await store.get(key);
      for (const [index, line] of decode(object?.body).entries()) {
        const place = { attempt, chunk, index };
        if (format(place) > format(after)) yield { place, line: { ...line, attempt } };
      }
    }
    startAfter = page.next;
  }
}

function decode(body: Uint8Array | undefined): { at: string; text: string }[] {
  const lines = new TextDecoder().decode(body).split('\n');
  return lines.flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = v.safeParse(storedLine, JSON.parse(line));
      return parsed.success ? [parsed.output] : [];
    } catch {
      return [];
    }
  });
}
