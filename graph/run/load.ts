/** Loads a run: its spec file and its state folded up to now. */
import { LRUCache } from 'lru-cache';
import { parseSpecFile, type SpecFile } from '../spec/spec.ts';
import { keys, RUN_ID } from '../storage/keys.ts';
import { perStore } from '../storage/per-store.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { fold, initialState } from './fold.ts';
import { loadHead } from './head.ts';
import { readKnown, readSegments, type Segment } from './segments.ts';
import { isTerminal, type RunState } from './state.ts';

/** A run at a moment: immutable, shared freely. */
export interface Snapshot {
  readonly file: SpecFile;
  readonly state: RunState;
}

/** How far beyond what is in memory a hint is believed, segments. */
const MOST_TOLD = 100;
const cacheOf = perStore(() => new LRUCache<string, Snapshot>({ max: 2_000 }));

/** The run as it is now, deleted ones too; null where there is none of that id. */
export async function loadAnyRun(store: ObjectStore, runId: string): Promise<Snapshot | null> {
  if (!RUN_ID.test(runId)) return null;
  const known = cacheOf(store).get(runId) ?? (await loadCold(store, runId));
  return known ? refresh(store, known) : null;
}

/** The run as it is now; null where there is none, or where it was deleted. */
export async function loadRun(g: { readonly store: ObjectStore }, runId: string): Promise<Snapshot | null> {
  return unlessDeleted(await loadAnyRun(g.store, runId));
}

/**
 * The run as it was when `position` was written, or newer; null as {@link loadRun}. For who was told of a segment: where
 * the run is in memory, goes on and is not far behind, nothing is listed. One that has ended is looked at anew: it may
 * have been resumed.
 */
export async function loadRunAt(
  g: { readonly store: ObjectStore },
  runId: string,
  position: number,
): Promise<Snapshot | null> {
  const known = cacheOf(g.store).get(runId);
  if (known === undefined) return loadRun(g, runId);
  const from = known.state.cursor.position + 1;
  const length = Math.max(0, position + 1 - from);
  // Far ahead one list finds more than many reads, and nobody may have written what a hint claims.
  if (length > MOST_TOLD) return loadRun(g, runId);
  const segments = await readKnown(g.store, runId, from, length);
  const then = segments.reduce(withSegment, known);
  if (segments.length < length || isTerminal(then.state.phase)) return loadRun(g, runId);
  return unlessDeleted(remember(g.store, then));
}

function unlessDeleted(snapshot: Snapshot | null): Snapshot | null {
  return snapshot?.state.deleted ? null : snapshot;
}

async function loadCold(store: ObjectStore, runId: string): Promise<Snapshot | null> {
  const [spec, head] = await Promise.all([store.get(keys.spec(runId)), loadHead(store, runId)]);
  if (spec === null) return null;
  const file = parseSpecFile(JSON.parse(new TextDecoder().decode(spec.body)));
  return { file, state: head ?? initialState() };
}

/** The snapshot brought up to the end of the journal; deleted where what it was made from has been swept since. */
export async function refresh(store: ObjectStore, snapshot: Snapshot): Promise<Snapshot> {
  let current = snapshot;
  for (;;) {
    const { position } = current.state.cursor;
    const page = await readSegments(store, current.file.runId, Math.max(1, position));
    const [first, ...rest] = page.segments;
    if (position > 0 && first?.position !== position) {
      return remember(store, { file: current.file, state: { ...current.state, deleted: true } });
    }
    const news = position > 0 || !first ? rest : [first, ...rest];
    current = news.reduce(withSegment, current);
    if (!page.more || news.length === 0) return remember(store, current);
  }
}

/** The snapshot with the next segment folded in. */
export function withSegment(snapshot: Snapshot, { position, events }: Segment): Snapshot {
  const state = events.reduce<RunState>(
    (before, event, index) => fold(before, event, { position, index }),
    snapshot.state,
  );
  return { file: snapshot.file, state };
}

/** Keeps the newest snapshot of a run for the next reader. */
export function remember(store: ObjectStore, snapshot: Snapshot): Snapshot {
  const cached = cacheOf(store).get(snapshot.file.runId);
  if (!cached || cached.state.cursor.position <= snapshot.state.cursor.position) {
    cacheOf(store).set(snapshot.file.runId, snapshot);
  }
  return snapshot;
}
