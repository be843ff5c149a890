/** Reads segments of journals, keeping the immutable ones in memory; knows nothing of what they mean. */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { keys } from '../storage/keys.ts';
import { perStore } from '../storage/per-store.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { type Cursor, compareCursors } from './cursor.ts';
import type { JournalEvent } from './events.ts';
import { decodeSegment } from './segment.ts';

/** A segment at its position. */
export interface Segment {
  readonly position: number;
  readonly events: readonly (JournalEvent | null)[];
}

/** An event at its place; null where it is of a kind this version does not know. */
export interface PlacedEvent {
  readonly cursor: Cursor;
  readonly event: JournalEvent | null;
}

const CONCURRENT_READS = 16;
/** Segments that are read before the first of them is looked at. */
const READ_AHEAD = 128;
const cacheOf = perStore(() => new LRUCache<string, Segment>({ max: 20_000 }));

/** Puts a segment this process has just written where the next reader finds it. */
export function rememberSegment(store: ObjectStore, runId: string, segment: Segment): void {
  cacheOf(store).set(keys.segment(runId, segment.position), segment);
}

/** What a look at a journal found. */
export interface SegmentPage {
  readonly segments: readonly Segment[];
  /** True where the look ended before the journal did. */
  readonly more: boolean;
}

/**
 * Segments from position `from` on, at most `limit` of them, without a gap.
 * @throws {@link StorageError} where the storage does not answer.
 */
export async function readSegments(
  store: ObjectStore,
  runId: string,
  from: number,
  limit = 1000,
): Promise<SegmentPage> {
  const page = await store.list(keys.journal(runId), {
    startAfter: keys.segment(runId, from - 1),
    limit: Math.min(limit, 1000),
  });
  const positions = page.objects.flatMap((object) => keys.positionOf(object.key) ?? []);
  const { length } = positions.filter((position, index) => position === from + index);
  return { segments: await readKnown(store, runId, from, length), more: page.next !== null };
}

/** `length` segments from position `from` on, which are known to be there, up to the first that is missing all the same. */
export async function readKnown(
  store: ObjectStore,
  runId: string,
  from: number,
  length: number,
): Promise<readonly Segment[]> {
  const atOnce = pLimit(CONCURRENT_READS);
  const positions = Array.from({ length }, (_, index) => from + index);
  const segments = await Promise.all(positions.map((position) => atOnce(() => readSegment(store, runId, position))));
  const missing = segments.indexOf(null);
  return segments.slice(0, missing === -1 ? undefined : missing).filter((segment) => segment !== null);
}

async function readSegment(store: ObjectStore, runId: string, position: number): Promise<Segment | null> {
  const key = keys.segment(runId, position);
  const cached = cacheOf(store).get(key);
  if (cached) return cached;
  const object = await store.get(key);
  if (object === null) return null;
  const segment = { position, events: decodeSegment(object.body) };
  cacheOf(store).set(key, segment);
  return segment;
}

/**
 * The events after one cursor up to another, in order. `upTo` is known to exist: no list is asked for what lies before
 * it. Ends early where the run has been swept meanwhile.
 */
export async function* eventsBetween(
  store: ObjectStore,
  runId: string,
  after: Cursor,
  upTo: Cursor,
): AsyncGenerator<PlacedEvent, void, void> {
  for (let from = Math.max(1, after.position); from <= upTo.position; from += READ_AHEAD) {
    const length = Math.min(READ_AHEAD, upTo.position - from + 1);
    const segments = await readKnown(store, runId, from, length);
    for (const { position, events } of segments) {
      for (const [index, event] of events.entries()) {
        const cursor = { position, index };
        if (compareCursors(cursor, upTo) > 0) return;
        if (compareCursors(cursor, after) > 0) yield { cursor, event };
      }
    }
    if (segments.length < length) return;
  }
}
