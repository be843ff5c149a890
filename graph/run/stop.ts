/** Stops runs: a wish in the journal that the supervisor meets, and the queue's own means where no trainer listens. */
import type { Denied } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { endJob } from './end-job.ts';
import { append } from './journal.ts';
import type { Snapshot } from './load.ts';
import { reason } from './reasons.ts';
import { isTerminal } from './state.ts';
import { loadRunFor } from './visible.ts';

export type StopOutcome = { readonly kind: 'stopped'; readonly run: Snapshot } | Denied;

/** Asks a run to stop. Stopping a run that has ended succeeds and changes nothing; so does asking twice. */
export async function stopRun(g: Ganway, viewer: Viewer, id: string): Promise<StopOutcome> {
  const found = await loadRunFor(g, viewer, id, 'RUNNER');
  if (found.kind !== 'permitted') return found;
  const { run } = found;
  const at = g.now().toISOString();
  const why = reason('STOPPED_BY_USER');
  let phaseBefore = run.state.phase;
  const { snapshot, appended } = await append(
    g,
    id,
    (state) => {
      phaseBefore = state.phase;
      if (isTerminal(state.phase) || state.stopRequested) return null;
      // The launch broke off before its first event: nobody has begun anything that could be stopped.
      if (state.launches.length === 0) return [{ type: 'RUN_ENDED', at, phase: 'STOPPED', reason: why }];
      return [{ type: 'STOP_REQUESTED', at, by: viewer.id, reason: why }];
    },
    run,
  );
  const jobId = snapshot.state.launches.at(-1)?.jobId;
  if (appended && phaseBefore !== 'RUNNING' && jobId) {
    await endJob(g, jobId, 'Stopped by the user before it trained.');
  }
  return { kind: 'stopped', run: snapshot };
}
