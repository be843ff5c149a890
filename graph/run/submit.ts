/** Submission k of a run to the queue: claimed once, submitted by the claim's creator alone; knows no vendor. */
import * as v from 'valibot';
import type { Ganway } from '../ganway.ts';
import { secondsLeft } from '../money/limits.ts';
import { machineOf } from '../money/machine.ts';
import { SIZES } from '../money/sizes.ts';
import type { Spec, SpecFile } from '../spec/spec.ts';
import { decodeJson, encodeJson, JSON_TYPE } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import type { JobRequest } from '../storage/ports.ts';
import { endJob } from './end-job.ts';
import type { EventOf } from './events.ts';
import { append } from './journal.ts';
import { launchToken, TOKEN_SECONDS } from './launch-token.ts';
import type { Snapshot } from './load.ts';
import { reason } from './reasons.ts';
import { isTerminal, type RunState } from './state.ts';

/** Container starts of one submission: the service's maximum, because a spot loss uses one up. */
const ATTEMPTS = 10;
/** The shortest time limit that the service takes, seconds. */
const SHORTEST_TIMEOUT = 60;
/** How long the creator of a claim may take to submit before reconcile looks after it, milliseconds. */
export const CLAIM_MS = 60_000;

const claimFile = v.object({ claimedAt: v.string() });

/** Name under which the job of a launch is found again. */
export const jobName = (runId: string, launch: number): string => `${runId}-${launch}`;

/** What the queue is asked for; null: a slot of it. A spec keeps its machine, on offer or not. */
function machineFor({ settings: { money } }: Ganway, spec: Spec): NonNullable<JobRequest['machine']> | null {
  if (spec.task !== 'TRAIN') return money.tasks && { size: money.tasks.size.id, spot: money.tasks.spot };
  const { instanceType, spot } = spec.resources;
  const size = SIZES.find((each) => each.instanceType === instanceType);
  return size ? { size: size.id, spot: spot ?? false } : null;
}

/** The wish for the next launch of a run, with the price of today. A machine that has none any more keeps that of the launch before. */
export function nextLaunch(
  g: Ganway,
  spec: Spec,
  { launches }: Pick<RunState, 'launches'>,
  cause: EventOf<'LAUNCH_REQUESTED'>['cause'],
): EventOf<'LAUNCH_REQUESTED'> {
  const at = g.now().toISOString();
  const { money } = g.settings;
  const machine = spec.task === 'TRAIN' ? machineOf(money, spec.resources) : money.tasks;
  const slot = money.slotUsdPerHour === null ? null : { usdPerHour: money.slotUsdPerHour, pricedAt: at.slice(0, 10) };
  const of = machine ?? slot ?? launches.at(-1)?.price;
  return {
    type: 'LAUNCH_REQUESTED',
    at,
    launch: launches.length + 1,
    cause,
    ...(of && { price: { usdPerHour: of.usdPerHour, pricedAt: of.pricedAt } }),
  };
}

/**
 * The first event of a run that its launch has made; where another wrote it already, or a stop was quicker, nothing happens.
 *
 * @param from the run as it begins, where it has only just been made
 */
export async function requestFirstLaunch(g: Ganway, { runId, spec }: SpecFile, from?: Snapshot): Promise<Snapshot> {
  const { snapshot } = await append(
    g,
    runId,
    (state) => (state.launches.length > 0 || isTerminal(state.phase) ? null : [nextLaunch(g, spec, state, 'CREATE')]),
    from,
  );
  return snapshot;
}

/** Claims the newest launch of a run and submits it. Where another has the claim, or nothing may begin any more, nothing happens. */
export async function submitLaunch(g: Ganway, snapshot: Snapshot): Promise<Snapshot> {
  const { runId } = snapshot.file;
  const { launches, stopRequested, phase } = snapshot.state;
  const launch = launches.at(-1)?.launch;
  if (launch === undefined || stopRequested || isTerminal(phase)) return snapshot;
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
  const left = secondsLeft(spec, snapshot.state);
  const machine = machineFor(g, spec);
  let jobId: string;
  try {
    ({ jobId } = await g.queue.submit({
      name: jobName(runId, launch),
      queue: spec.task === 'TRAIN' ? 'training' : 'tasks',
      environment: { ...g.settings.jobEnvironment, ...launchEnvironment(g, runId, launch) },
      attempts: ATTEMPTS,
      ...(machine && { machine }),
      // Of each container; what the ones before have taken is for the supervisor to count.
      ...(left !== null && { timeoutSeconds: Math.max(SHORTEST_TIMEOUT, Math.round(left)) }),
    }));
  } catch (error) {
    return isRejection(error) ? recordRejected(g, snapshot, launch, error) : snapshot;
  }
  return recordSubmitted(g, snapshot, launch, jobId);
}

/** Which launch a job is, and its proof. */
function launchEnvironment({ settings, now }: Ganway, runId: string, launch: number): Record<string, string> {
  const { launchSecret } = settings;
  const expiresAt = new Date(now().getTime() + TOKEN_SECONDS * 1000);
  return {
    GANWAY_RUN_ID: runId,
    GANWAY_LAUNCH: String(launch),
    ...(launchSecret && { GANWAY_LAUNCH_TOKEN: launchToken(launchSecret, { runId, launch, expiresAt }) }),
  };
}

/** The end of a run whose job the queue does not take, unless the run has gone on without this launch. */
async function recordRejected(g: Ganway, from: Snapshot, launch: number, { message }: Error): Promise<Snapshot> {
  const at = g.now().toISOString();
  const why = reason('SUBMIT_FAILED', `The queue did not accept the job: ${message}`);
  const { snapshot } = await append(
    g,
    from.file.runId,
    ({ phase, launches }) =>
      isTerminal(phase) || launches.at(-1)?.launch !== launch
        ? null
        : [{ type: 'RUN_ENDED', at, phase: 'FAILED', reason: why }],
    from,
  );
  return snapshot;
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
  if (submitted.state.stopRequested) await endJob(g, jobId, 'Stopped by the user before it began.');
  return submitted;
}

/** True where the queue has said no, so that there is certainly no job. */
function isRejection(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'REJECTED';
}
