/** The whole past of a run in memory: metric rows, sheets and checkpoints by step; read once, extended as the journal grows. */
import { perStore } from '../storage/per-store.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { type Cursor, compareCursors, START } from './cursor.ts';
import type { EventOf } from './events.ts';
import { loadRun, type Snapshot } from './load.ts';
import { createPasts } from './pasts.ts';
import { eventsBetween } from './segments.ts';
import { type CheckpointRecord, isSuperseded, type SampleRecord } from './state.ts';

export type MetricRow = Omit<EventOf<'METRICS'>, 'type'>;

/** What of a run is not superseded, by step. */
export interface History {
  readonly metrics: readonly MetricRow[];
  readonly samples: readonly SampleRecord[];
  readonly checkpoints: readonly CheckpointRecord[];
}

interface Past {
  cursor: Cursor;
  readonly metrics: MetricRow[];
  readonly samples: SampleRecord[];
  readonly checkpoints: CheckpointRecord[];
  /** Two readers at once extend the past once. */
  extending: Promise<void>;
}

const pastsOf = perStore(() => createPasts<Past>());

function newPast(): Past {
  return { cursor: START, metrics: [], samples: [], checkpoints: [], extending: Promise.resolve() };
}

/** Everything of a run up to now, or null where there is no such run. */
export async function loadHistory(g: { readonly store: ObjectStore }, runId: string): Promise<History | null> {
  const pasts = pastsOf(g.store);
  const past = pasts.get(runId) ?? newPast();
  pasts.keep(runId, past);
  let snapshot: Snapshot | null;
  do {
    snapshot = await loadRun(g, runId);
    if (snapshot === null) return null;
    const end = snapshot.state.cursor;
    past.extending = past.extending.catch(() => undefined).then(() => extend(g.store, runId, past, end));
    await past.extending;
    pasts.keep(runId, past);
    // Where more was read than the snapshot knows, it does not know either what of that is superseded.
  } while (compareCursors(past.cursor, snapshot.state.cursor) > 0);
  const { attempts } = snapshot.state;
  const kept = <T extends { attempt: number; step: number }>(items: readonly T[]): T[] =>
    items.filter((item) => !isSuperseded(attempts, item.attempt, item.step)).sort((a, b) => a.step - b.step);
  return { metrics: kept(past.metrics), samples: kept(past.samples), checkpoints: kept(past.checkpoints) };
}

async function extend(store: ObjectStore, runId: string, past: Past, end: Cursor): Promise<void> {
  if (compareCursors(past.cursor, end) >= 0) return;
  for await (const { cursor, event } of eventsBetween(store, runId, past.cursor, end)) {
    past.cursor = cursor;
    if (event?.type === 'METRICS') past.metrics.push(event);
    if (event?.type === 'SAMPLE') past.samples.push(event);
    if (event?.type === 'CHECKPOINT_SEALED') past.checkpoints.push(event);
  }
}
