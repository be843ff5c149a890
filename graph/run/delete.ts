/** Deletes runs: hidden at once by a word in the journal, swept later behind a tombstone. */
import type { Denied } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import { append } from './journal.ts';
import { loadAnyRun, type Snapshot } from './load.ts';
import { isTerminal } from './state.ts';
import { nextTurn } from './turns.ts';
import { loadRunFor } from './visible.ts';

export type DeleteOutcome =
  | { readonly kind: 'deleted'; readonly id: string }
  | { readonly kind: 'invalidState'; readonly run: Snapshot; readonly message: string }
  | Denied;

/** Deletes a run that has ended. */
export async function deleteRun(g: Ganway, viewer: Viewer, id: string): Promise<DeleteOutcome> {
  const found = await loadRunFor(g, viewer, id, 'RUNNER');
  if (found.kind !== 'permitted') return found;
  const { run } = found;
  // Before the word: a deletion that breaks off in between is swept all the same, and a tombstone without it does no harm.
  if (isTerminal(run.state.phase)) await g.store.create(keys.tombstone(id), new Uint8Array());
  const at = g.now().toISOString();
  const { snapshot, appended } = await append(
    g,
    id,
    (state) => (isTerminal(state.phase) && !state.deleted ? [{ type: 'RUN_DELETED', at }] : null),
    run,
  );
  if (!appended && !snapshot.state.deleted) {
    const message = `The run is ${snapshot.state.phase}; stop it before deleting it.`;
    return { kind: 'invalidState', run: snapshot, message };
  }
  await g.store.remove(keys.index(id));
  return { kind: 'deleted', id };
}

/** Tombstones that one call looks at. */
const MOST_SWEPT = 50;

/**
 * Removes every object of deleted runs of a project, the journal last, so that a half-swept run stays hidden. One
 * whose job may go on waits: reconcile ends that job by what the journal says of it, and takes the marker away.
 */
export async function sweepDeleted(g: Pick<Ganway, 'store'>, projectId: string): Promise<number> {
  const turnKey = keys.turn(projectId, 'tombstones');
  const ids = await nextTurn(g, { prefix: keys.tombstones(projectId), turnKey, most: MOST_SWEPT });
  for (const runId of ids) {
    const run = await loadAnyRun(g.store, runId);
    // No run at all: an earlier sweep broke off.
    if (run && (!run.state.deleted || (await g.store.head(keys.open(runId))))) continue;
    await g.store.create(keys.deleted(runId), new Uint8Array());
    await removeBelow(
      g,
      keys.run(runId),
      (object) => object !== keys.deleted(runId) && !object.startsWith(keys.journal(runId)),
    );
    await removeBelow(g, keys.journal(runId), () => true);
    await g.store.remove(keys.open(runId));
    await g.store.remove(keys.index(runId));
    await g.store.remove(keys.tombstone(runId));
  }
  return ids.length;
}

async function removeBelow(g: Pick<Ganway, 'store'>, prefix: string, which: (key: string) => boolean): Promise<void> {
  for (const { key } of await listAll(g.store, prefix)) if (which(key)) await g.store.remove(key);
}
