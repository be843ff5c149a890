/** What a journal can say: every event of a run as it is stored; knows no fold and no API. */
import * as v from 'valibot';
import { jsonNumber } from './numbers.ts';
import { REASONS, type ReasonCode } from './reasons.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const reasonSchema = v.object({ code: v.picklist(Object.keys(REASONS) as ReasonCode[]), message: v.string() });
/** `SCHEDULE`: fixed by the spec. `CLOCK` and `SIGNAL` are extra and may differ between equal runs. */
const trigger = v.picklist(['SCHEDULE', 'CLOCK', 'SIGNAL']);

/** What an hour of a launch costs, as of its request: later prices do not change what it has cost. */
const launchPrice = v.object({
  /** US dollars. */
  usdPerHour: v.number(),
  pricedAt: v.string(),
});

const launchRequested = v.object({
  type: v.literal('LAUNCH_REQUESTED'),
  at: time,
  launch: count,
  /** `CREATE`: the first launch. `RESUME`: a user's resumeRun. `RELAUNCH`: reconcile, after the queue gave up. */
  cause: v.picklist(['CREATE', 'RESUME', 'RELAUNCH']),
  /** Absent where it costs nothing. */
  price: v.optional(launchPrice),
});
const jobSubmitted = v.object({ type: v.literal('JOB_SUBMITTED'), at: time, launch: count, jobId: v.string() });
/** A fact of the queue about the job of a launch. Older facts than one already known are never appended. */
const jobState = v.object({
  type: v.literal('JOB_STATE'),
  at: time,
  launch: count,
  jobId: v.string(),
  status: v.picklist(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'LOST']),
  /** Container starts the queue has made so far. */
  attempts: count,
  statusReason: v.optional(v.string()),
  exitCode: v.optional(v.number()),
  /** When each container of the job began and ended, from the first on; null where the queue does not say, or not yet. */
  containers: v.optional(v.array(v.object({ startedAt: v.nullable(time), stoppedAt: v.nullable(time) }))),
});
const attemptStarted = v.object({
  type: v.literal('ATTEMPT_STARTED'),
  at: time,
  attempt: count,
  launch: count,
  jobId: v.string(),
  cause: v.picklist(['START', 'RETRY', 'RESUME', 'GUARD']),
  /** Null where the attempt starts afresh. */
  resumedFromStep: v.nullable(count),
  trainerVersion: v.string(),
  host: v.nullable(v.string()),
  device: v.nullable(v.string()),
  /** False where the checkpoint was written under other numerics; then `differs` names what is not the same. */
  exact: v.boolean(),
  differs: v.array(v.string()),
  /** Which container start of the job this is, from 1. */
  container: v.optional(count),
});
/**
 * The trainer has begun to compute: the run is RUNNING from here, not from the start of its container. Device and
 * exactness are known only now; ATTEMPT_STARTED had to claim the run before the trainer could say.
 */
const trainingStarted = v.object({
  type: v.literal('TRAINING_STARTED'),
  at: time,
  attempt: count,
  step: count,
  device: v.optional(v.string()),
  /** False where the checkpoint was written under other numerics; then `differs` names what is not the same. */
  exact: v.optional(v.boolean()),
  differs: v.optional(v.array(v.string())),
});
const metrics = v.object({
  type: v.literal('METRICS'),
  at: time,
  attempt: count,
  step: count,
  kimg: v.number(),
  values: v.record(v.string(), jsonNumber),
});
const sample = v.object({
  type: v.literal('SAMPLE'),
  at: time,
  attempt: count,
  step: count,
  kimg: v.number(),
  set: v.string(),
  trigger,
  key: v.string(),
  sha256: v.string(),
  bytes: count,
  width: count,
  height: count,
  columns: count,
  rows: count,
});
const checkpointSealed = v.object({
  type: v.literal('CHECKPOINT_SEALED'),
  at: time,
  attempt: count,
  step: count,
  kimg: v.number(),
  trigger,
  /** Key of the manifest. */
  manifest: v.string(),
  bytes: count,
});
const guardTripped = v.object({
  type: v.literal('GUARD_TRIPPED'),
  at: time,
  attempt: count,
  step: count,
  guard: v.string(),
  action: v.string(),
  message: v.string(),
});
/** Everything that an attempt has made, at once: before this word none of it is there. */
const filesAdded = v.object({
  type: v.literal('FILES_ADDED'),
  at: time,
  attempt: count,
  files: v.array(v.object({ name: v.string(), key: v.string(), bytes: count, sha256: v.string() })),
});
/** Sign of life of an attempt that had nothing else to say. */
const heartbeat = v.object({ type: v.literal('HEARTBEAT'), at: time, attempt: count, step: count });
/** Progress of a task that has no steps, 0 to 1. */
const progress = v.object({ type: v.literal('PROGRESS'), at: time, attempt: count, fraction: v.number() });
const stopRequested = v.object({
  type: v.literal('STOP_REQUESTED'),
  at: time,
  by: v.string(),
  reason: reasonSchema,
});
const attemptEnded = v.object({
  type: v.literal('ATTEMPT_ENDED'),
  at: time,
  attempt: count,
  /** `RETRY`: the queue is asked to start the next attempt. */
  outcome: v.picklist(['DONE', 'STOPPED', 'RETRY', 'FAILED']),
  exitCode: v.nullable(v.number()),
  reason: v.nullable(reasonSchema),
});
/** The end. Nothing but a later LAUNCH_REQUESTED (resumeRun) may follow it. */
const runEnded = v.object({
  type: v.literal('RUN_ENDED'),
  at: time,
  phase: v.picklist(['SUCCEEDED', 'FAILED', 'STOPPED']),
  reason: v.nullable(reasonSchema),
});
/** The run is hidden from here on; its objects are swept later. */
const runDeleted = v.object({ type: v.literal('RUN_DELETED'), at: time });
const runUpdated = v.object({
  type: v.literal('RUN_UPDATED'),
  at: time,
  name: v.optional(v.nullable(v.string())),
  labels: v.optional(v.array(v.string())),
  notes: v.optional(v.nullable(v.string())),
  pinned: v.optional(v.boolean()),
  /** From here on these stand in place of the spec's. */
  limits: v.optional(
    v.object({
      maxRuntime: v.optional(v.number()),
      maxCostUsd: v.optional(v.number()),
      maxQueueTime: v.optional(v.number()),
    }),
  ),
});

const journalEvent = v.variant('type', [
  launchRequested,
  jobSubmitted,
  jobState,
  attemptStarted,
  trainingStarted,
  metrics,
  sample,
  checkpointSealed,
  guardTripped,
  filesAdded,
  heartbeat,
  progress,
  stopRequested,
  attemptEnded,
  runEnded,
  runUpdated,
  runDeleted,
]);

export type LaunchPrice = v.InferOutput<typeof launchPrice>;
export type JournalEvent = v.InferOutput<typeof journalEvent>;
export type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** The event in a value read from storage, or null where it is of a kind or shape this version does not know. */
export function parseEvent(value: unknown): JournalEvent | null {
  const result = v.safeParse(journalEvent, value);
  return result.success ? result.output : null;
}
