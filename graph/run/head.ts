/** The head of a run: its folded state, cached in storage; a hint that saves reading, never the truth. */
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { compareCursors } from './cursor.ts';
import type { RunState } from './state.ts';

/** Heads written by another version of the fold are not trusted: the journal is folded afresh. */
const HEAD_VERSION = 4;

interface Head {
  readonly v: typeof HEAD_VERSION;
  readonly state: RunState;
}

/** The cached state, or null where there is none that this version can use. */
export async function loadHead(store: ObjectStore, runId: string): Promise<RunState | null> {
  const object = await store.get(keys.head(runId));
  return object ? decode(object.body) : null;
}

/** Caches a state, unless a newer one is cached already. Losing the race to another writer is no loss. */
export async function saveHead(store: ObjectStore, runId: string, state: RunState): Promise<void> {
  const head: Head = { v: HEAD_VERSION, state };
  const body = new TextEncoder().encode(JSON.stringify(head));
  const contentType = 'application/json';
  const before = await store.get(keys.head(runId));
  if (before === null) {
    await store.create(keys.head(runId), body, { contentType });
    return;
  }
  const cached = decode(before.body);
  if (cached && compareCursors(cached.cursor, state.cursor) >= 0) return;
  await store.replace(keys.head(runId), body, before.etag, { contentType });
}

function decode(body: Uint8Array): RunState | null {
  try {
    const head = JSON.parse(new TextDecoder().decode(body)) as Partial<Head>;
    return head.v === HEAD_VERSION && head.state ? head.state : null;
  } catch {
    return null;
  }
}
