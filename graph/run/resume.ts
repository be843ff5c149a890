/** Resumes runs that stopped or failed: the next launch of the same run, from its newest checkpoint. */
import type { Denied } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import { append } from './journal.ts';
import type { Snapshot } from './load.ts';
import { submitLaunch } from './submit.ts';
import { loadRunFor } from './visible.ts';

export type ResumeOutcome =
  | { readonly kind: 'launched'; readonly run: Snapshot }
  | { readonly kind: 'invalidState'; readonly run: Snapshot; readonly message: string }
  | Denied;

/** Continues a run that is STOPPED or FAILED. Of two callers at once one launches, the other finds it launched. */
export async function resumeRun(g: Ganway, viewer: Viewer, id: string): Promise<ResumeOutcome> {
  const found = await loadRunFor(g, viewer, id, 'RUNNER');
  if (found.kind !== 'permitted') return found;
  const { run } = found;
  await g.store.create(keys.open(id), new Uint8Array());
  const at = g.now().toISOString();
  const { snapshot, appended } = await append(
    g,
    id,
    ({ phase, launches, deleted }) =>
      (phase === 'STOPPED' || phase === 'FAILED') && !deleted
        ? [{ type: 'LAUNCH_REQUESTED', at, launch: launches.length + 1, cause: 'RESUME' }]
        : null,
    run,
  );
  if (snapshot.state.deleted) return { kind: 'notFound', message: `There is no run "${id}".` };
  if (!appended) {
    const message = `The run is ${snapshot.state.phase}; only a run that is STOPPED or FAILED can be resumed.`;
    return { kind: 'invalidState', run: snapshot, message };
  }
  // Again, because reconcile may have taken the marker of the run as it was away in between.
  await g.store.create(keys.open(id), new Uint8Array());
  return { kind: 'launched', run: await submitLaunch(g, snapshot) };
}
