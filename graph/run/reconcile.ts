/** Compares open runs with the queue and repairs what was lost between them; safe to run at any time, any number at once. */
import pLimit from 'p-limit';
import type { Ganway } from '../ganway.ts';
import { limitReached, limitsOf } from '../money/limits.ts';
import { recordMeasured } from '../money/measured.ts';
import { keys } from '../storage/keys.ts';
import type { JobStatus } from '../storage/ports.ts';
import { sweepDeleted } from './delete.ts';
import { endJob } from './end-job.ts';
import { establish, intentOfMarker } from './establish.ts';
import type { JournalEvent } from './events.ts';
import { saveHead } from './head.ts';
import { append } from './journal.ts';
import { loadAnyRun, loadRun, type Snapshot } from './load.ts';
import { reason } from './reasons.ts';
import { factOf, recordJob } from './record-job.ts';
import { isTerminal, type LaunchState, type RunState } from './state.ts';
import { CLAIM_MS, jobName, requestFirstLaunch, submitLaunch, takeOverLaunch } from './submit.ts';
import { nextTurn } from './turns.ts';

/** How long a trainer may take to write its last checkpoint before the queue ends its job, milliseconds. */
const STOP_GRACE_MS = 120_000;

/** Runs that one call looks at: a few seconds' work for the smallest Lambda, with each of them cold. */
const MOST_RUNS = 250;
/** Runs that are looked at side by side. */
const AT_ONCE = 16;

/**
 * Looks at the open runs of a project whose turn it is, at most `most` of them: of 1,000 each is seen within four calls.
 * One run that cannot be repaired now does not keep the others waiting.
 */
export async function reconcile(
  g: Ganway,
  projectId: string,
  { most = MOST_RUNS }: { readonly most?: number } = {},
): Promise<{ readonly failures: readonly unknown[] }> {
  const ids = await nextTurn(g, { prefix: keys.openRuns(projectId), turnKey: keys.turn(projectId, 'open'), most });
  const atOnce = pLimit(AT_ONCE);
  const results = await Promise.allSettled([
    ...ids.map((id) => atOnce(() => reconcileRun(g, id))),
    sweepDeleted(g, projectId),
  ]);
  return { failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])) };
}

async function reconcileRun(g: Ganway, runId: string): Promise<void> {
  const run = await loadAnyRun(g.store, runId);
  if (!run) return finishIntent(g, runId);
  const { deleted } = run.state;
  const launch = run.state.launches.at(-1);
  if (!isTerminal(run.state.phase) && !deleted) {
    if (!launch) await finishLaunch(g, run);
    else if (launch.jobId !== null) await askQueue(g, run, launch.jobId, launch);
    else if (run.state.stopRequested) await endUnsubmitted(g, run, launch);
    else if (!isTerminal((await applyLimits(g, run)).state.phase)) await takeOverLaunch(g, run, launch.launch);
    return;
  }
  if (!(await jobsAreOver(g, run))) return;
  // What was deleted may be swept by now.
  const settled = deleted ? null : await loadRun(g, runId);
  if (settled) {
    await recordMeasured(g.store, settled);
    await saveHead(g.store, runId, settled.state);
  }
  // A resume between the two puts the marker back before it appends, so that no open run is ever without one.
  await g.store.remove(keys.open(runId));
  const now = await loadRun(g, runId);
  if (now && !isTerminal(now.state.phase)) await g.store.create(keys.open(runId), new Uint8Array());
}

/** A marker without a run: its launch broke off before the spec and was not sent again, or a sweep before its end. */
async function finishIntent(g: Ganway, runId: string): Promise<void> {
  if (await g.store.head(keys.deleted(runId))) return g.store.remove(keys.open(runId));
  const intent = await intentOfMarker(g, runId);
  if (!intent || ageOf(g, intent.file.createdAt) < CLAIM_MS) return;
  await submitLaunch(g, await establish(g, intent));
}

/** A launch that broke off between the spec and its first event, and was not sent again. */
async function finishLaunch(g: Ganway, { file }: Snapshot): Promise<void> {
  if (ageOf(g, file.createdAt) < CLAIM_MS) return;
  await g.store.create(keys.index(file.runId), new Uint8Array());
  await submitLaunch(g, await requestFirstLaunch(g, file));
}

/** Whether the jobs of a run that has ended are gone. One that stays is ended after the grace: it costs money. */
async function jobsAreOver(g: Ganway, { state, file }: Snapshot): Promise<boolean> {
  const unsettled = state.launches.flatMap(({ jobId, status }) => (jobId === null || isOver(status) ? [] : [jobId]));
  const jobs = unsettled.length > 0 ? await g.queue.describe(unsettled) : [];
  const live = jobs.filter((job) => !isOver(job.status));
  // How long its containers were there is known for good only now.
  await Promise.all(
    jobs.flatMap((job) => (isOver(job.status) ? (factOf(job) ?? []) : [])).map((fact) => recordJob(g, fact)),
  );
  if (ageOf(g, state.endedAt ?? file.createdAt) > STOP_GRACE_MS) {
    await Promise.all(live.map((job) => g.queue.terminate(job.id, 'Its run has ended.')));
  }
  return live.length === 0;
}

/** Whether nothing will come of a job any more; one that is lost was told to end. */
function isOver(status: LaunchState['status'] | JobStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'LOST';
}

/** Milliseconds since a time of the journal. */
function ageOf(g: Ganway, at: string): number {
  return g.now().getTime() - Date.parse(at);
}

/** Stops a run that has used up what it may, and ends one that has waited for a machine as long as it may. */
async function applyLimits(g: Ganway, run: Snapshot): Promise<Snapshot> {
  const { runId, spec } = run.file;
  const now = g.now();
  const at = now.toISOString();
  const { snapshot, appended } = await append(
    g,
    runId,
    (state): JournalEvent[] | null => {
      if (isTerminal(state.phase) || state.stopRequested) return null;
      const waits = state.phase === 'QUEUED';
      const waited = hasWaited(limitsOf(spec, state).maxQueueTime, state, now) ? reason('MAX_QUEUE_TIME') : null;
      const reached = waited ?? limitReached(spec, state, now);
      if (!reached) return null;
      // Nobody is there who could write a checkpoint.
      if (waits) return [{ type: 'RUN_ENDED', at, phase: 'STOPPED', reason: reached }];
      return [{ type: 'STOP_REQUESTED', at, by: 'ganway', reason: reached }];
    },
    run,
  );
  const { launches, reason: why, phase } = snapshot.state;
  const jobId = launches.at(-1)?.jobId;
  if (appended && why && isTerminal(phase) && jobId) await endJob(g, jobId, why.message);
  return snapshot;
}

function hasWaited(maxQueueTime: number | null, { phase, phases }: RunState, now: Date): boolean {
  const since = phases.at(-1)?.startedAt;
  if (maxQueueTime === null || phase !== 'QUEUED' || since === undefined) return false;
  return now.getTime() - Date.parse(since) >= maxQueueTime * 1000;
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
    if (ageOf(g, launch.jobSince ?? launch.requestedAt) < CLAIM_MS) return;
    // Should it turn up after all it may not train: nobody looks after the job of a run that has ended so.
    await g.queue.terminate(jobId, 'Its run was told that it is lost.');
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
  const known = (fact && (await recordJob(g, fact))) ?? run;
  const { state } = await applyLimits(g, known);
  const stopping = state.phases.at(-1);
  if (stopping?.phase !== 'STOPPING') return;
  if (ageOf(g, stopping.startedAt) > STOP_GRACE_MS) {
    await g.queue.terminate(jobId, 'The trainer did not stop in time.');
  }
}
