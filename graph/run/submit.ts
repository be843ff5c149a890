/** Submission k of a run to the queue: claimed once, submitted by the claim's creator alone; knows no vendor. */
import * as v from 'valibot';
import type { Ganway } from '../ganway.ts';
import { decodeJson, encodeJson, JSON_TYPE } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { append } from './journal.ts';
import type { Snapshot } from './load.ts';
import { reason } from './reasons.ts';
import { isTerminal } from './state.ts';

/** Container starts of one submission: the service's maximum, because a spot loss uses one up. */
const ATTEMPTS = 10;
/** Time a trainer may take beyond its maxRuntime to start and to seal its last checkpoint, seconds. */
const RUNTIME_MARGIN = 600;
/** How long the creator of a claim may take to submit before reconcile looks after it, milliseconds. */
const CLAIM_MS = 60_000;

const claimFile = v.object({ claimedAt: v.string() });

/** Name under which the job of a launch is found again. */
export const jobName = (runId: string, launch: number): string => `${runId}-${launch}`;

/** Claims the newest launch of a run and submits it. Where another has the claim, nothing happens. */
export async function submitLaunch(g: Ganway, snapshot: Snapshot): Promise<Snapshot> {
  const { runId } = snapshot.file;
  const launch = snapshot.state.launches.at(-1)?.launch;
  if (launch === undefined) return snapshot;
  const claimed = await g.store.create(keys.launch(runId, launch), claimBy(g, launch), JSON_TYPE);
  return claimed.outcome === 'taken' ? snapshot : submitClaimed(g, snapshot, launch);
}

function claimBy(g: Ganway, launch: number): Uint8Array {
  return encodeJson({ v: 1, launch, claimedAt: g.now().toISOString() });
}

/**
 * Takes over a launch whose claim has expired without a job: adopts the job that was submitted after all, or submits.
 * A launch that was never claimed is simply submitted. Of several callers one acts.
 */
export async function takeOverLaunch(g: Ganway, snapshot: Snapshot, launch: number): Promise<Snapshot> {
  const { runId } = snapshot.file;
  const claim = await g.store.get(keys.launch(runId, launch));
  if (!claim) return submitLaunch(g, snapshot);
  const { claimedAt } = v.parse(claimFile, decodeJson(claim.body));
  if (g.now().getTime() - Date.parse(claimedAt) < CLAIM_MS) return snapshot;
  const renewed = await g.store.replace(keys.launch(runId, launch), claimBy(g, launch), claim.etag, JSON_TYPE);
  if (renewed.outcome === 'stale') return snapshot;
  const [job] = await g.queue.findByName(jobName(runId, launch));
  return job ? recordSubmitted(g, snapshot, launch, job.id) : submitClaimed(g, snapshot, launch);
}

/** Calls SubmitJob for a launch this caller holds the claim of. An unknown outcome is left to reconcile. */
async function submitClaimed(g: Ganway, snapshot: Snapshot, launch: number): Promise<Snapshot> {
  const { runId, spec } = snapshot.file;
  const { maxRuntime } = spec.limits;
  try {
    const { jobId } = await g.queue.submit({
      name: jobName(runId, launch),
      environment: { ...g.settings.jobEnvironment, GANWAY_RUN_ID: runId, GANWAY_LAUNCH: String(launch) },
      attempts: ATTEMPTS,
      ...(maxRuntime !== null && { timeoutSeconds: maxRuntime + RUNTIME_MARGIN }),
    });
    return await recordSubmitted(g, snapshot, launch, jobId);
  } catch (error) {
    if (!isRejection(error)) return snapshot;
    const at = g.now().toISOString();
    const message = `The queue did not accept the job: ${error.message}`;
    const { snapshot: failed } = await append(
      g,
      runId,
      (state) =>
        isTerminal(state.phase)
          ? null
          : [{ type: 'RUN_ENDED', at, phase: 'FAILED', reason: reason('SUBMIT_FAILED', message) }],
      snapshot,
    );
    return failed;
  }
}

/** Writes down the job of a launch; ends it at once where a stop was asked for in between. */
async function recordSubmitted(g: Ganway, snapshot: Snapshot, launch: number, jobId: string): Promise<Snapshot> {
  const at = g.now().toISOString();
  const { snapshot: submitted } = await append(
    g,
    snapshot.file.runId,
    (state) => {
      const known = state.launches.find((candidate) => candidate.launch === launch);
      return known?.jobId === null ? [{ type: 'JOB_SUBMITTED', at, launch, jobId }] : null;
    },
    snapshot,
  );
  if (submitted.state.stopRequested) await g.queue.terminate(jobId, 'Stopped by the user before it began.');
  return submitted;
}

/** True where the queue has said no, so that there is certainly no job. */
function isRejection(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'REJECTED';
}
