/** Watches a run through a real graphql-ws client and checks every batch against the promise of the cursor; knows no scenario. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface SeenEvent {
  readonly __typename: string;
  readonly cursor: string;
  readonly at: string;
  readonly attemptNumber: number | null;
  readonly step?: number;
  readonly phase?: string;
  readonly reason?: { readonly code: string } | null;
  readonly values?: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly nonFinite: string | null;
  }[];
  readonly sheet?: { readonly step: number; readonly sha256: string; readonly set: string; readonly url: string };
  readonly checkpoint?: { readonly step: number };
  readonly attempt?: { readonly number: number; readonly resumedFromStep: number | null; readonly exact: boolean };
}

const WATCH = `subscription ($runId: ID!, $after: String) {
  runEvents(runId: $runId, after: $after) {
    since cursor hasMore
    events {
      __typename
      ... on JournalEvent { cursor at attemptNumber }
      ... on MetricsLogged { step values { name value nonFinite } }
      ... on SampleAdded { sheet { step sha256 set url } }
      ... on CheckpointSealed { checkpoint { step } }
      ... on PhaseChanged { phase reason { code } }
      ... on AttemptStarted { attempt { number resumedFromStep exact } }
    }
  }
}`;

export interface Watcher {
  readonly events: readonly SeenEvent[];
  /** Resolves with the first event, seen already or yet to come, that passes. Rejects where the run ends without one. */
  until(passes: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  /** Resolves when the subscription is complete. */
  readonly ended: Promise<readonly SeenEvent[]>;
  close(): Promise<void>;
}

interface Batch {
  readonly since: string;
  readonly cursor: string;
  readonly events: readonly SeenEvent[];
}

/**
 * Follows a run. Throws out of `ended` where a batch leaves a gap or comes twice without saying so.
 *
 * @param onEvent called with each event in the moment it is received
 */
export function watchRun(
  graphql: string,
  runId: string,
  after: string | null = null,
  onEvent: (event: SeenEvent) => void = () => {},
): Watcher {
  const client = createClient({
    url: graphql.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 100,
    shouldRetry: () => true,
    retryWait: () => new Promise((done) => setTimeout(done, 100)),
  });
  const events: SeenEvent[] = [];
  const waiting = new Set<() => void>();
  let cursor = after;
  let over = false;
  const payload = {
    query: WATCH,
    get variables() {
      return { runId, after: cursor };
    },
  };
  const wake = () => {
    for (const look of waiting) look();
  };
  // A client that is just reconnecting to a server that is gone says so once more.
  const close = async () => {
    try {
      await client.dispose();
    } catch {}
  };
  const follow = async () => {
    try {
      for await (const { data, errors } of client.iterate<{ runEvents: Batch }>(payload)) {
        if (errors) throw new Error(JSON.stringify(errors));
        const batch = data?.runEvents;
        if (!batch || (cursor !== null && batch.since < cursor)) continue;
        if (cursor !== null && batch.since !== cursor) throw new Error(`gap: ${batch.since} after ${cursor}`);
        for (const event of batch.events) {
          const last = events.at(-1)?.cursor ?? '';
          if (event.cursor <= last) throw new Error(`disorder: ${event.cursor} after ${last}`);
          events.push(event);
          onEvent(event);
        }
        cursor = batch.cursor;
        wake();
      }
      return events;
    } finally {
      over = true;
      wake();
      await close();
    }
  };
  const ended = follow();
  // A test that never awaits the end must not turn a closed socket into an unhandled rejection.
  ended.catch(() => undefined);
  return {
    events,
    ended,
    until: (passes) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find(passes);
          if (!found && !over) return;
          waiting.delete(look);
          if (found) resolve(found);
          else ended.then(() => reject(new Error('The run ended without the event waited for.')), reject);
        };
        waiting.add(look);
        look();
      }),
    close,
  };
}

/** Rows that must not depend on machine and moment: every metric but `rate/…`, of the attempts that count, by step. */
export function exactRows(events: readonly SeenEvent[]): string[] {
  const rows = new Map<number, string>();
  for (const event of events) {
    const rewound = event.attempt?.resumedFromStep;
    if (event.__typename === 'AttemptStarted') {
      for (const step of rows.keys()) if (step > (rewound ?? -1)) rows.delete(step);
    }
    if (event.__typename !== 'MetricsLogged' || event.step === undefined) continue;
    const values = (event.values ?? []).filter(({ name }) => !name.startsWith('rate/'));
    rows.set(event.step, JSON.stringify({ step: event.step, values }));
  }
  return [...rows.values()];
}
