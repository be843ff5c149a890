/** Finds a checkpoint by its id, as one that a spec can pin; knows nothing of what is in it. */
import type { Ganway, Viewer } from '../ganway.ts';
import type { PinnedCheckpoint, TrainSpec } from '../spec/spec.ts';
import { checkpointId, parseNodeId } from '../storage/ids.ts';
import { sha256 } from '../storage/json.ts';
import { loadVisibleRun } from './visible.ts';

export interface FoundCheckpoint {
  readonly pinned: PinnedCheckpoint;
  /** Of the training that wrote it. */
  readonly spec: TrainSpec;
}

/** What is said where there is none; "missing" and "forbidden" have one answer. */
export function unknownCheckpoint(id: string): string {
  return `There is no checkpoint "${id}". The checkpoints of a run list their ids.`;
}

/** The checkpoint, or null where there is none that the viewer may see: unknown, superseded, or of a deleted run. */
export async function findCheckpoint(g: Ganway, viewer: Viewer, id: string): Promise<FoundCheckpoint | null> {
  const ref = parseNodeId(id);
  if (ref?.kind !== 'checkpoint') return null;
  const { runId, step, attempt } = ref;
  const run = await loadVisibleRun(g, viewer, runId);
  const record = run?.state.checkpoints.find((sealed) => sealed.step === step && sealed.attempt === attempt);
  if (!run || !record || run.file.spec.task !== 'TRAIN') return null;
  const manifest = await g.store.get(record.manifest);
  if (manifest === null) return null;
  const pinned = { id: checkpointId(runId, ref), runId, step, attempt, digest: sha256(manifest.body) };
  return { pinned, spec: run.file.spec };
}
