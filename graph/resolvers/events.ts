/** Events of a journal as the API tells them. */
import { formatCursor } from '../run/cursor.ts';
import { valuesOf } from './metrics.ts';
import { type AttemptModel, type AttemptStartedModel, attemptModels, type BatchModel } from './models.ts';
import type { Resolvers, ResolversTypes } from './types.gen.ts';

type RunEvent = Awaited<ResolversTypes['RunEvent']>;

function runEvent(placed: BatchModel['events'][number], snapshot: BatchModel['snapshot']): RunEvent {
  const { cursor, event } = placed;
  switch (event.type) {
    case 'METRICS':
      return { __typename: 'MetricsLogged', cursor, event, snapshot };
    case 'SAMPLE':
      return { __typename: 'SampleAdded', cursor, event, snapshot };
    case 'CHECKPOINT_SEALED':
      return { __typename: 'CheckpointSealed', cursor, event, snapshot };
    case 'PHASE':
      return { __typename: 'PhaseChanged', cursor, event, snapshot };
    case 'ATTEMPT_STARTED':
      return { __typename: 'AttemptStarted', cursor, event, snapshot };
    case 'GUARD_TRIPPED':
      return { __typename: 'GuardTripped', cursor, event, snapshot };
    default: {
      const unhandled: never = event;
      return unhandled;
    }
  }
}

/** The attempt as the run knows it by now, which may be more than the event could say. */
function attemptOf({ event, snapshot }: AttemptStartedModel): AttemptModel {
  const attempt = attemptModels(snapshot.state).find(({ number }) => number === event.attempt);
  if (!attempt) throw new Error(`Run ${snapshot.file.runId} is older than the start of its attempt ${event.attempt}.`);
  return attempt;
}

export const events = {
  RunEventBatch: {
    since: ({ since }) => formatCursor(since),
    cursor: ({ cursor }) => formatCursor(cursor),
    events: (batch) => batch.events.map((placed) => runEvent(placed, batch.snapshot)),
    run: ({ snapshot }) => snapshot,
  },
  MetricsLogged: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    step: ({ event }) => event.step,
    kimg: ({ event }) => event.kimg,
    values: ({ event }) => valuesOf(event),
  },
  SampleAdded: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    sheet: ({ event, snapshot }) => ({ runId: snapshot.file.runId, sample: event }),
  },
  CheckpointSealed: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    checkpoint: ({ event, snapshot }) => ({ runId: snapshot.file.runId, checkpoint: event }),
  },
  PhaseChanged: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    phase: ({ event }) => event.phase,
    reason: ({ event }) => event.reason,
  },
  AttemptStarted: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    attempt: attemptOf,
  },
  GuardTripped: {
    cursor: ({ cursor }) => formatCursor(cursor),
    at: ({ event }) => event.at,
    attemptNumber: ({ event }) => event.attempt,
    guard: ({ event }) => event.guard,
    action: ({ event }) => event.action,
    message: ({ event }) => event.message,
    step: ({ event }) => event.step,
  },
} satisfies Partial<Resolvers>;
