/** The one function that says what a journal means: state and event to state; pure, no clock, no storage. */
import { type Cursor, START } from './cursor.ts';
import type { EventOf, JournalEvent } from './events.ts';
import { type Reason, reason } from './reasons.ts';
import {
  type AttemptState,
  isSuperseded,
  isTerminal,
  type LaunchState,
  type PhaseSpan,
  RECENT_SAMPLES,
  type RunPhase,
  type RunState,
} from './state.ts';

/** The state before the first event. */
export function initialState(): RunState {
  return {
    v: 1,
    cursor: START,
    phase: 'QUEUED',
    reason: null,
    phases: [],
    launches: [],
    attempts: [],
    startedAt: null,
    endedAt: null,
    heardAt: null,
    step: 0,
    kimg: 0,
    fraction: 0,
    stopRequested: null,
    summary: {},
    sealedSummary: {},
    recentSamples: [],
    checkpoints: [],
    files: [],
    name: undefined,
    labels: [],
    notes: null,
    pinned: false,
    limits: {},
    deleted: false,
  };
}

/** Folds one event, which lies at `cursor`, into the state. A null stands for an event this version does not know. */
export function fold(before: RunState, event: JournalEvent | null, cursor: Cursor): RunState {
  const state: RunState = { ...before, cursor };
  if (event === null) return state;
  switch (event.type) {
    case 'LAUNCH_REQUESTED':
      return launchRequested(state, event);
    case 'JOB_SUBMITTED':
      return jobSubmitted(state, event);
    case 'JOB_STATE':
      return jobState(state, event);
    case 'ATTEMPT_STARTED':
      return attemptStarted(state, event);
    case 'TRAINING_STARTED':
    case 'METRICS':
    case 'SAMPLE':
    case 'CHECKPOINT_SEALED':
    case 'GUARD_TRIPPED':
    case 'FILES_ADDED':
    case 'HEARTBEAT':
    case 'PROGRESS':
      return event.attempt === state.attempts.at(-1)?.number ? heard(state, event) : state;
    case 'STOP_REQUESTED':
      if (isTerminal(state.phase)) return state;
      return enter({ ...state, stopRequested: event.reason }, 'STOPPING', event.reason, event.at);
    case 'ATTEMPT_ENDED':
      return attemptEnded(state, event);
    case 'RUN_ENDED':
      return isTerminal(state.phase) ? state : end(state, event.phase, event.reason, event.at);
    case 'RUN_UPDATED':
      return {
        ...state,
        ...(event.name !== undefined && { name: event.name }),
        ...(event.labels !== undefined && { labels: event.labels }),
        ...(event.notes !== undefined && { notes: event.notes }),
        ...(event.pinned !== undefined && { pinned: event.pinned }),
        ...(event.limits !== undefined && { limits: { ...state.limits, ...event.limits } }),
      };
    case 'RUN_DELETED':
      return { ...state, deleted: true };
    default: {
      const unhandled: never = event;
      return unhandled;
    }
  }
}

/** Enters a phase: closes the span before it and opens one at the event just folded. Same phase again: only the reason changes. */
function enter(state: RunState, phase: RunPhase, why: Reason | null, at: string): RunState {
  const open = state.phases.at(-1);
  if (open && state.phase === phase && open.endedAt === null) {
    return { ...state, reason: why, phases: [...state.phases.slice(0, -1), { ...open, reason: why }] };
  }
  const closed = state.phases.map((span): PhaseSpan => (span.endedAt === null ? { ...span, endedAt: at } : span));
  const span: PhaseSpan = {
    phase,
    reason: why,
    firstReason: why,
    startedAt: at,
    endedAt: isTerminal(phase) ? at : null,
    cursor: state.cursor,
  };
  return { ...state, phase, reason: why, phases: [...closed, span] };
}

function end(state: RunState, phase: 'SUCCEEDED' | 'FAILED' | 'STOPPED', why: Reason | null, at: string): RunState {
  return enter({ ...state, attempts: closeAttempts(state, at, why), endedAt: at }, phase, why, at);
}

/** Whoever has not ended by now had no chance to say why. */
function closeAttempts(state: RunState, at: string, why: Reason | null): AttemptState[] {
  return state.attempts.map((attempt) =>
    attempt.endedAt === null ? { ...attempt, endedAt: at, endReason: attempt.endReason ?? why } : attempt,
  );
}

function launchRequested(state: RunState, event: EventOf<'LAUNCH_REQUESTED'>): RunState {
  const launch: LaunchState = {
    launch: event.launch,
    cause: event.cause,
    requestedAt: event.at,
    jobId: null,
    status: null,
    jobAttempts: 0,
    containers: [],
    price: event.price ?? null,
  };
  // Nothing of an earlier launch goes on: its attempts may not keep the new job from starting.
  const attempts = closeAttempts(state, event.at, reason('HOST_LOST'));
  const launches = [...state.launches, launch];
  const launched = { ...state, attempts, launches, endedAt: null, stopRequested: null };
  return enter(launched, 'QUEUED', reason('WAITING_FOR_SUBMISSION'), event.at);
}

function changeLaunch(state: RunState, number: number, change: Partial<LaunchState>): RunState {
  const launches = state.launches.map((launch) => (launch.launch === number ? { ...launch, ...change } : launch));
  return { ...state, launches };
}

/** A launch and the newest word about its job; a job that was not named before is new from that word on. */
function changeJob(
  state: RunState,
  { launch: number, jobId, at }: { readonly launch: number; readonly jobId: string; readonly at: string },
  change: Partial<LaunchState> = {},
): RunState {
  const isNew = state.launches.some((launch) => launch.launch === number && launch.jobId !== jobId);
  return changeLaunch(state, number, { ...change, ...(isNew && { jobId, jobSince: at }) });
}

function jobSubmitted(state: RunState, event: EventOf<'JOB_SUBMITTED'>): RunState {
  const submitted = changeJob(state, event);
  const waiting = state.phase === 'QUEUED' && event.launch === state.launches.at(-1)?.launch;
  return waiting ? enter(submitted, 'QUEUED', reason('WAITING_FOR_SLOT'), event.at) : submitted;
}

function jobState(before: RunState, event: EventOf<'JOB_STATE'>): RunState {
  const newest = before.launches.at(-1);
  const known = before.launches.find((launch) => launch.launch === event.launch);
  // Of two jobs under one launch (a lost reply) only the recorded one speaks for the run.
  if (!known || (known.jobId !== null && known.jobId !== event.jobId)) return before;
  const state = changeJob(before, event, {
    status: event.status,
    jobAttempts: event.attempts,
    containers: event.containers ?? known.containers,
  });
  if (event.launch !== newest?.launch || isTerminal(state.phase)) return state;
  switch (event.status) {
    case 'RUNNABLE':
    case 'STARTING':
    case 'RUNNING':
      return jobMoved(state, event);
    // A job that ends well without the run's last event has lost its result.
    case 'SUCCEEDED':
    case 'LOST':
    case 'FAILED': {
      if (state.stopRequested) return end(state, 'STOPPED', state.stopRequested, event.at);
      return end(state, 'FAILED', event.status === 'FAILED' ? failureOf(event) : reason('LOST'), event.at);
    }
    default: {
      const unhandled: never = event.status;
      return unhandled;
    }
  }
}

/** News of a job under way, of which so many containers have ended. One that has begun an attempt since then knows better. */
function jobMoved(before: RunState, event: EventOf<'JOB_STATE'>): RunState {
  const begun = before.attempts
    .filter(({ jobId }) => jobId === event.jobId)
    .reduce((last, { container, cause }) => container ?? (cause === 'GUARD' ? last : last + 1), 0);
  if (begun > event.attempts) {
    const itsStart = event.status !== 'RUNNABLE' && begun === event.attempts + 1;
    const unheardOf = before.phase === 'QUEUED' && before.attempts.at(-1)?.endedAt === null;
    return itsStart && unheardOf ? enter(before, 'STARTING', null, event.at) : before;
  }
  const state = { ...before, attempts: closeAttempts(before, event.at, reason('HOST_LOST', event.statusReason)) };
  if (state.phase === 'STOPPING') return state;
  if (event.status !== 'RUNNABLE') return enter(state, 'STARTING', null, event.at);
  return enter(state, 'QUEUED', reason(event.attempts > 0 ? 'RETRYING' : 'WAITING_FOR_SLOT'), event.at);
}

/** Why a job that nobody stopped has failed, from what the queue says. */
function failureOf(event: EventOf<'JOB_STATE'>): Reason {
  if (event.statusReason?.startsWith('Host EC2')) return reason('ATTEMPTS_EXHAUSTED');
  switch (event.exitCode) {
    case 64:
      return reason('BAD_SPEC');
    case 65:
      return reason('DIVERGED');
    case 70:
      return reason('TRAINER_BUG');
    // A trainer whose job is terminated or timed out asks for another attempt, or is killed; neither is why it ended.
    case 75:
      return reasonOfQueue(event) ?? reason('ATTEMPTS_EXHAUSTED');
    case 137:
      return reasonOfQueue(event) ?? reason('KILLED');
    case 132:
    case 134:
    case 136:
    case 139:
      return reason('NATIVE_CRASH');
    default:
      return reasonOfQueue(event) ?? reason('TRAINER_BUG');
  }
}

/** What was said to the queue when it ended a job, or its own words; null where the container ended by itself. */
function reasonOfQueue({ statusReason }: EventOf<'JOB_STATE'>): Reason | null {
  // What Batch says of every container that ended by itself.
  if (!statusReason || statusReason.startsWith('Essential container')) return null;
  return reason('TERMINATED', statusReason);
}

function attemptStarted(state: RunState, event: EventOf<'ATTEMPT_STARTED'>): RunState {
  const attempt: AttemptState = {
    number: event.attempt,
    launch: event.launch,
    jobId: event.jobId,
    cause: event.cause,
    startedAt: event.at,
    endedAt: null,
    resumedFromStep: event.resumedFromStep,
    exitCode: null,
    endReason: null,
    trainerVersion: event.trainerVersion,
    host: event.host,
    device: event.device,
    exact: event.exact,
    differs: event.differs,
    heardAt: event.at,
    trainingSince: null,
    sealed: false,
    ...(event.container !== undefined && { container: event.container }),
  };
  const attempts = [...closeAttempts(state, event.at, reason('HOST_LOST')), attempt];
  const kept = <T extends { attempt: number; step: number }>(item: T) =>
    !isSuperseded(attempts, item.attempt, item.step);
  const checkpoints = state.checkpoints.filter(kept);
  const from = checkpoints.findLast((checkpoint) => checkpoint.step === event.resumedFromStep);
  const keptOf = (summary: RunState['summary']) => Object.entries(summary).filter(([, value]) => kept(value));
  return {
    ...trainedBy(state, event),
    attempts,
    checkpoints,
    recentSamples: state.recentSamples.filter(kept),
    files: [],
    summary: Object.fromEntries([...keptOf(state.sealedSummary), ...keptOf(state.summary)]),
    fraction: 0,
    step: event.resumedFromStep ?? 0,
    kimg: from?.kimg ?? 0,
    heardAt: event.at,
  };
}

/** Of two jobs under one launch (a lost reply) the one that trains speaks for it. */
function trainedBy(state: RunState, event: EventOf<'ATTEMPT_STARTED'>): RunState {
  const known = state.launches.find(({ launch }) => launch === event.launch);
  return known?.jobId === event.jobId
    ? state
    : changeJob(state, event, { status: null, jobAttempts: 0, containers: [] });
}

type AttemptSays = EventOf<
  | 'TRAINING_STARTED'
  | 'METRICS'
  | 'SAMPLE'
  | 'CHECKPOINT_SEALED'
  | 'GUARD_TRIPPED'
  | 'FILES_ADDED'
  | 'HEARTBEAT'
  | 'PROGRESS'
>;

/** What the newest attempt says about itself. */
function heard(before: RunState, event: AttemptSays): RunState {
  const state = {
    ...before,
    heardAt: event.at,
    attempts: before.attempts.map((a) => (a.number === event.attempt ? { ...a, heardAt: event.at } : a)),
  };
  switch (event.type) {
    case 'TRAINING_STARTED': {
      const attempts = state.attempts.map((attempt) =>
        attempt.number === event.attempt
          ? {
              ...attempt,
              trainingSince: attempt.trainingSince ?? event.at,
              device: event.device ?? attempt.device,
              exact: event.exact ?? attempt.exact,
              differs: event.differs ?? attempt.differs,
            }
          : attempt,
      );
      const started = { ...state, attempts, startedAt: state.startedAt ?? event.at };
      return started.phase === 'QUEUED' || started.phase === 'STARTING'
        ? enter(started, 'RUNNING', null, event.at)
        : started;
    }
    case 'METRICS': {
      const { step, at, attempt } = event;
      const values = Object.entries(event.values).map(([name, value]) => [name, { step, value, at, attempt }]);
      return { ...advance(state, event), summary: { ...state.summary, ...Object.fromEntries(values) } };
    }
    case 'SAMPLE': {
      const { type: _, ...sample } = event;
      return { ...advance(state, event), recentSamples: [...state.recentSamples, sample].slice(-RECENT_SAMPLES) };
    }
    case 'CHECKPOINT_SEALED': {
      const { type: _, ...checkpoint } = event;
      const attempts = state.attempts.map((a) => (a.number === event.attempt ? { ...a, sealed: true } : a));
      const checkpoints = [...state.checkpoints, checkpoint];
      // Rows may pass a checkpoint that is still uploaded.
      const covered = Object.entries(state.summary).filter(([, { step }]) => step <= event.step);
      const sealedSummary = { ...state.sealedSummary, ...Object.fromEntries(covered) };
      return { ...advance(state, event), attempts, checkpoints, sealedSummary };
    }
    case 'GUARD_TRIPPED':
      return state;
    case 'FILES_ADDED':
      return { ...state, files: event.files };
    case 'HEARTBEAT':
      return { ...state, step: Math.max(state.step, event.step) };
    case 'PROGRESS':
      return { ...state, fraction: event.fraction };
    default: {
      const unhandled: never = event;
      return unhandled;
    }
  }
}

function advance(state: RunState, at: { step: number; kimg: number }): RunState {
  return { ...state, step: Math.max(state.step, at.step), kimg: Math.max(state.kimg, at.kimg) };
}

function attemptEnded(state: RunState, event: EventOf<'ATTEMPT_ENDED'>): RunState {
  const attempts = state.attempts.map((attempt) =>
    attempt.number === event.attempt && attempt.endedAt === null
      ? { ...attempt, endedAt: event.at, heardAt: event.at, exitCode: event.exitCode, endReason: event.reason }
      : attempt,
  );
  const ended = { ...state, attempts };
  const newest = event.attempt === state.attempts.at(-1)?.number;
  const waits = newest && event.outcome === 'RETRY' && state.phase !== 'STOPPING' && !isTerminal(state.phase);
  return waits ? enter(ended, 'QUEUED', reason('RETRYING'), event.at) : ended;
}
