/** Writes down what the queue says about a job; duplicates and older news change nothing. */
import type { Ganway } from '../ganway.ts';
import { limitReached } from '../money/limits.ts';
import type { QueuedJob } from '../storage/ports.ts';
import type { EventOf, JournalEvent } from './events.ts';
import { fold } from './fold.ts';
import { append } from './journal.ts';
import { loadRun, type Snapshot } from './load.ts';
import { isTerminal, type LaunchState, type RunState } from './state.ts';
import { nextLaunch, submitLaunch } from './submit.ts';

type Status = EventOf<'JOB_STATE'>['status'];

/** What the queue says about the job of a launch. */
export interface JobFact {
  readonly runId: string;
  readonly launch: number;
  readonly jobId: string;
  readonly status: Status;
  /** Container starts so far that have ended. */
  readonly attempts: number;
  readonly statusReason?: string;
  readonly exitCode?: number;
  readonly containers?: EventOf<'JOB_STATE'>['containers'];
}

/** Within one attempt a job only moves forward. */
const RANK: Record<Status, number> = { RUNNABLE: 0, STARTING: 1, RUNNING: 2, LOST: 3, SUCCEEDED: 4, FAILED: 4 };

/** The fact in a job of the queue; null while it says nothing a run does not know (SUBMITTED, PENDING). */
export function factOf(job: QueuedJob): JobFact | null {
  const name = parseJobName(job.name);
  if (!name || job.status === 'SUBMITTED' || job.status === 'PENDING') return null;
  const last = job.attempts.at(-1);
  const statusReason = job.statusReason ?? last?.statusReason;
  return {
    ...name,
    jobId: job.id,
    status: job.status,
    attempts: job.attempts.length,
    ...(statusReason !== undefined && { statusReason }),
    ...(last?.exitCode !== undefined && { exitCode: last.exitCode }),
    containers: containersOf(job),
  };
}

/** Those that have ended, and the one that is there. */
function containersOf({ status, startedAt, attempts }: QueuedJob): NonNullable<JobFact['containers']> {
  const timeOf = (date: Date | undefined) => date?.toISOString() ?? null;
  const ended = attempts.map((attempt) => ({
    startedAt: timeOf(attempt.startedAt),
    stoppedAt: timeOf(attempt.stoppedAt),
  }));
  return status === 'RUNNING' ? [...ended, { startedAt: timeOf(startedAt), stoppedAt: null }] : ended;
}

/** Run and launch in the name of a job, or null where it is not one of ours. */
export function parseJobName(name: string): { readonly runId: string; readonly launch: number } | null {
  const match = /^([a-z][a-z0-9]*-[0-9a-z]{18})-(\d+)$/.exec(name);
  return match?.[1] ? { runId: match[1], launch: Number(match[2]) } : null;
}

/** Appends a fact where it is news. Attempts used up by lost hosts make the next launch, without passing through FAILED. */
export async function recordJob(g: Ganway, fact: JobFact): Promise<Snapshot | null> {
  const run = await loadRun(g, fact.runId);
  if (!run) return null;
  const at = g.now().toISOString();
  const { runId: _, ...job } = fact;
  const event: EventOf<'JOB_STATE'> = { type: 'JOB_STATE', at, ...job };
  let relaunched = false;
  const { snapshot } = await append(
    g,
    fact.runId,
    (state): JournalEvent[] | null => {
      const launch = state.launches.find((candidate) => candidate.launch === fact.launch);
      if (!launch || !isNews(launch, fact)) return null;
      relaunched = false;
      if (!exhaustedByLostHosts(state, fact)) return [event];
      const { spec } = run.file;
      const reached = limitReached(spec, fold(state, event, state.cursor));
      // Ended before the fact is known, the run is stopped and not failed.
      if (reached) return [{ type: 'RUN_ENDED', at, phase: 'STOPPED', reason: reached }, event];
      relaunched = true;
      return [nextLaunch(g, spec, state, 'RELAUNCH'), event];
    },
    run,
  );
  return relaunched ? submitLaunch(g, snapshot) : snapshot;
}

function isNews(launch: LaunchState, fact: JobFact): boolean {
  // Of two jobs under one launch (a lost reply) only the recorded one speaks for the run.
  if (launch.jobId !== null && launch.jobId !== fact.jobId) return false;
  if (launch.status === null) return true;
  if (launch.status === 'SUCCEEDED' || launch.status === 'FAILED') return false;
  if (fact.attempts !== launch.jobAttempts) return fact.attempts > launch.jobAttempts;
  return RANK[fact.status] > RANK[launch.status];
}

function exhaustedByLostHosts(state: RunState, fact: JobFact): boolean {
  const launch = state.launches.at(-1);
  // Whatever takes the hosts away of launch after launch, without a checkpoint between, would go on for ever.
  const gotOn = state.attempts.some((attempt) => attempt.launch === fact.launch && attempt.sealed);
  return (
    fact.status === 'FAILED' &&
    fact.statusReason?.startsWith('Host EC2') === true &&
    fact.launch === launch?.launch &&
    (gotOn || launch.cause !== 'RELAUNCH') &&
    state.stopRequested === null &&
    !isTerminal(state.phase)
  );
}
