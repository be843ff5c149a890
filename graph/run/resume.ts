/** Resumes runs that stopped or failed: the next launch of the same run, from its newest checkpoint. */
import type { Denied } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { limitReached } from '../money/limits.ts';
import { keys } from '../storage/keys.ts';
import { append } from './journal.ts';
import type { Snapshot } from './load.ts';
import type { RunState } from './state.ts';
import { nextLaunch, submitLaunch } from './submit.ts';
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
  const { spec } = run.file;
  const isOver = ({ phase, deleted }: RunState) => (phase === 'STOPPED' || phase === 'FAILED') && !deleted;
  const { snapshot, appended } = await append(
    g,
    id,
    (state) => (isOver(state) && !limitReached(spec, state) ? [nextLaunch(g, spec, state, 'RESUME')] : null),
    run,
  );
  if (snapshot.state.deleted) return { kind: 'notFound', message: `There is no run "${id}".` };
  if (!appended) {
    const spent = isOver(snapshot.state) ? limitReached(spec, snapshot.state) : null;
    if (spent) return { kind: 'invalidState', run: snapshot, message: spent.message };
    const message = `The run is ${snapshot.state.phase}; only a run that is STOPPED or FAILED can be resumed.`;
    return { kind: 'invalidState', run: snapshot, message };
  }
  // Again, because reconcile may have taken the marker of the run as it was away in between.
  await g.store.create(keys.open(id), new Uint8Array());
  return { kind: 'launched', run: await submitLaunch(g, snapshot) };
}
