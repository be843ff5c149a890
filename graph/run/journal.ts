/** Writes the journal: the law by which all events of a run get one order, whoever has something to say. */
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import type { JournalEvent } from './events.ts';
import { loadAnyRun, remember, type Snapshot, withSegment } from './load.ts';
import { decodeSegment, encodeSegment } from './segment.ts';
import { readSegments, rememberSegment, type Segment } from './segments.ts';
import type { RunState } from './state.ts';

/** What became of an append. `appended` is false where `decide` had nothing to say. */
export interface Appended {
  readonly snapshot: Snapshot;
  readonly appended: boolean;
}

/**
 * Appends what `decide` says about the newest state as one segment at the next position. Where another writer takes
 * that position first, what came between is folded and `decide` is asked again.
 *
 * @param from a snapshot to begin with; it may be old.
 * @throws RangeError where there is no such run; {@link StorageError} where the storage does not answer.
 */
export async function append(
  g: { readonly store: ObjectStore },
  runId: string,
  decide: (state: RunState) => readonly JournalEvent[] | null,
  from?: Snapshot,
): Promise<Appended> {
  let snapshot = from ?? (await loadAnyRun(g.store, runId));
  if (snapshot === null) throw new RangeError(`There is no run ${runId} to write about.`);
  for (;;) {
    const events = decide(snapshot.state);
    if (events === null || events.length === 0) return { snapshot, appended: false };
    const position: number = snapshot.state.cursor.position + 1;
    const body = encodeSegment(events);
    const written = await g.store.create(keys.segment(runId, position), body, { contentType: 'application/x-ndjson' });
    if (written.outcome !== 'taken') {
      const segment = { position, events };
      rememberSegment(g.store, runId, segment);
      return { snapshot: remember(g.store, withSegment(snapshot, segment)), appended: true };
    }
    const { segments: between } = await readSegments(g.store, runId, position);
    snapshot = remember(g.store, between.reduce(withSegment, snapshot));
    if (between.some((segment) => isSame(segment, body))) return { snapshot, appended: true };
  }
}

/**
 * True where a segment says just what we meant to say: then an earlier call wrote it, whose error hid that it had come
 * through. `from` of that call and the same events are what a caller tries again with.
 */
function isSame(segment: Segment, body: Uint8Array): boolean {
  return JSON.stringify(segment.events) === JSON.stringify(decodeSegment(body));
}
