/** Replays a journal to readers: the events of the API after a cursor, the same for queries, polling and subscriptions. */
import type { ObjectStore } from '../storage/ports.ts';
import { type Cursor, compareCursors, formatCursor } from './cursor.ts';
import type { EventOf, JournalEvent } from './events.ts';
import { loadRun, loadRunAt, type Snapshot } from './load.ts';
import type { Reason } from './reasons.ts';
import { eventsBetween } from './segments.ts';
import { type AttemptState, isSuperseded, type PhaseSpan, type RunPhase } from './state.ts';

/** What a reader is told; everything else in a journal is between the system and itself. */
export type ApiEvent =
  | EventOf<'METRICS' | 'SAMPLE' | 'CHECKPOINT_SEALED' | 'GUARD_TRIPPED' | 'ATTEMPT_STARTED'>
  | {
      readonly type: 'PHASE';
      readonly at: string;
      readonly phase: RunPhase;
      readonly reason: Reason | null;
      readonly attempt: number | null;
    };

export interface EventPage {
  /** The cursor this page continues from. */
  readonly since: Cursor;
  /** Pass as `after` to go on. */
  readonly cursor: Cursor;
  readonly events: readonly { readonly cursor: Cursor; readonly event: ApiEvent }[];
  readonly hasMore: boolean;
  readonly snapshot: Snapshot;
}

export interface ReadOptions {
  readonly after: Cursor;
  /** Most events of a page. */
  readonly first: number;
  /** Also what a later attempt has rewound. Default false. */
  readonly includeSuperseded?: boolean;
  /** A position known to be written: then what is later may be left for another time. Default: read up to now. */
  readonly told?: number | undefined;
}

/** The next page of a run's events after a cursor; null where there is no such run. */
export async function readEvents(
  g: { readonly store: ObjectStore },
  runId: string,
  { after, first, includeSuperseded = false, told }: ReadOptions,
): Promise<EventPage | null> {
  const snapshot = await (told === undefined ? loadRun(g, runId) : loadRunAt(g, runId, told));
  if (snapshot === null) return null;
  const { attempts, phases, cursor: end } = snapshot.state;
  const spans = new Map(phases.map((span) => [formatCursor(span.cursor), span]));
  const events: { cursor: Cursor; event: ApiEvent }[] = [];
  let cursor = after;
  if (compareCursors(after, end) >= 0) return { since: after, cursor, events, hasMore: false, snapshot };
  // What is later is left for the next page: the snapshot does not know yet whether it is superseded.
  for await (const placed of eventsBetween(g.store, runId, after, end)) {
    if (events.length === first) break;
    cursor = placed.cursor;
    const event = apiEvent(placed.event, spans.get(formatCursor(placed.cursor)));
    if (event && (includeSuperseded || !superseded(attempts, event))) events.push({ cursor, event });
  }
  return { since: after, cursor, events, hasMore: compareCursors(cursor, end) < 0, snapshot };
}

/** A journal event as readers see it. Each becomes at most one, so that a cursor names one event. */
function apiEvent(event: JournalEvent | null, span: PhaseSpan | undefined): ApiEvent | null {
  switch (event?.type) {
    case 'METRICS':
    case 'SAMPLE':
    case 'CHECKPOINT_SEALED':
    case 'GUARD_TRIPPED':
    case 'ATTEMPT_STARTED':
      return event;
    default:
      if (!event || !span) return null;
      return {
        type: 'PHASE',
        at: event.at,
        phase: span.phase,
        reason: span.firstReason,
        attempt: 'attempt' in event ? event.attempt : null,
      };
  }
}

function superseded(attempts: readonly AttemptState[], event: ApiEvent): boolean {
  if (event.type === 'PHASE' || event.type === 'ATTEMPT_STARTED') return false;
  return isSuperseded(attempts, event.attempt, event.step);
}
