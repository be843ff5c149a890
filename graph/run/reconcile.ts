/** Compares every open run with the queue and repairs what was lost between them; safe to run at any time, any number at once. */
import type { Ganway } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import { sweepDeleted } from './delete.ts';
import { saveHead } from './head.ts';
import { append } from './journal.ts';
import { loadRun, type Snapshot } from './load.ts';
import { openRunIds } from './open-runs.ts';
import { factOf, recordJob } from './record-job.ts';
import { isTerminal, type LaunchState } from './state.ts';
import { CLAIM_MS, jobName, requestFirstLaunch, submitLaunch, takeOverLaunch } from './submit.ts';

/** How long a trainer may take to write its last checkpoint before the queue ends its job, milliseconds. */
const STOP_GRACE_MS = 120_000;

/** Looks at every open run of a project once. One run that cannot be repaired now does not keep the others waiting. */
export async function reconcile(g: Ganway, projectId: string): Promise<{ readonly failures: readonly unknown[] }> {
  const ids = await openRunIds(g, projectId);
  const results = await Promise.allSettled([...ids.map((id) => reconcileRun(g, id)), sweepDeleted(g, projectId)]);
  return { failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])) };
}

async function reconcileRun(g: Ganway, runId: string): Promise<void> {
  const run = await loadRun(g, runId);
  if (!run) return;
  const launch = run.state.launches.at(-1);
  if (!isTerminal(run.state.phase)) {
    if (!launch) await finishLaunch(g, run);
    else if (launch.jobId !== null) await askQueue(g, run, launch.jobId, launch);
    else if (run.state.stopRequested) await endUnsubmitted(g, run, launch);
    else await takeOverLaunch(g, run, launch.launch);
    return;
  }
  if (launch && !(await jobIsOver(g, run, launch))) return;
  await saveHead(g.store, runId, run.state);
  // A resume between the two puts the marker back before it appends, so that no open run is ever without one.
  await g.store.remove(keys.open(runId));
  const now = await loadRun(g, runId);
  if (now && !isTerminal(now.state.phase)) await g.store.create(keys.open(runId), new Uint8Array());
}

/** A launch that broke off between the spec and its first event, and was not sent again. */
async function finishLaunch(g: Ganway, run: Snapshot): Promise<void> {
  if (ageOf(g, run.file.createdAt) < CLAIM_MS) return;
  await submitLaunch(g, await requestFirstLaunch(g, run.file.runId));
}

/** Whether the job of a run that has ended is gone. One that stays is ended after the grace: it costs money. */
async function jobIsOver(g: Ganway, { state, file }: Snapshot, launch: LaunchState): Promise<boolean> {
  const { jobId, status } = launch;
  if (jobId === null || status === 'SUCCEEDED' || status === 'FAILED' || status === 'LOST') return true;
  const [job] = await g.queue.describe([jobId]);
  if (!job || job.status === 'SUCCEEDED' || job.status === 'FAILED') return true;
  if (ageOf(g, state.endedAt ?? file.createdAt) > STOP_GRACE_MS) await g.queue.terminate(jobId, 'Its run has ended.');
  return false;
}

/** Milliseconds since a time of the journal. */
function ageOf(g: Ganway, at: string): number {
  return g.now().getTime() - Date.parse(at);
}

/** A stop that came before the job: nobody will start it any more, once its claim can have no late submission. */
async function endUnsubmitted(g: Ganway, run: Snapshot, { launch, requestedAt }: LaunchState): Promise<void> {
  if (ageOf(g, requestedAt) < STOP_GRACE_MS) return;
  const [job] = await g.queue.findByName(jobName(run.file.runId, launch));
  if (job) await g.queue.terminate(job.id, 'Stopped by the user before it began.');
  const at = g.now().toISOString();
  await append(
    g,
    run.file.runId,
    (state) =>
      isTerminal(state.phase) || !state.stopRequested
        ? null
        : [{ type: 'RUN_ENDED', at, phase: 'STOPPED', reason: state.stopRequested }],
    run,
  );
}

/** A launch with a job: the queue knows better, or knows nothing any more. */
async function askQueue(g: Ganway, run: Snapshot, jobId: string, launch: LaunchState): Promise<void> {
  const [job] = await g.queue.describe([jobId]);
  if (!job) {
    // A queue may take a moment to show a job that it has just accepted.
    if (ageOf(g, launch.requestedAt) < CLAIM_MS) return;
    await recordJob(g, {
      runId: run.file.runId,
      launch: launch.launch,
      jobId,
      status: 'LOST',
      attempts: launch.jobAttempts,
    });
    return;
  }
  const fact = factOf(job);
  if (fact) await recordJob(g, fact);
  const stopping = run.state.phases.at(-1);
  if (stopping?.phase !== 'STOPPING') return;
  if (ageOf(g, stopping.startedAt) > STOP_GRACE_MS) {
    await g.queue.terminate(jobId, 'The trainer did not stop in time.');
  }
}
