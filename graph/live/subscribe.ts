/** Begins and ends the operations of a connection; what a socket says about it is decided by who calls. */

import type { DocumentNode } from 'graphql';
import { GraphQLError } from 'graphql';
import { compareCursors, formatCursor } from '../run/cursor.ts';
import { loadVisibleRun } from '../run/visible.ts';
import { keys } from '../storage/keys.ts';
import type { Live, Operation } from './live.ts';
import { type Arrival, subscriptionKey } from './members.ts';
import { encode, readOperation } from './records.ts';
import { readRunEvents } from './run-events.ts';

export type Subscribed =
  | { readonly kind: 'subscribed'; readonly runId: string }
  /** The client has completed it already; its `complete` was handled first. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'refused'; readonly error: GraphQLError };

/**
 * Stores a subscription, from where its cursor says. Delivery is somebody else's.
 *
 * @throws {@link StorageError}
 */
export async function subscribe(
  live: Live,
  { connectionId, operationId, receivedAt }: Arrival,
  operation: Operation,
  document: DocumentNode,
): Promise<Subscribed> {
  const { store } = live.g;
  let request: ReturnType<typeof readRunEvents>;
  try {
    request = readRunEvents(live.operations, document, operation);
  } catch (error) {
    if (error instanceof GraphQLError) return { kind: 'refused', error };
    throw error;
  }
  const { runId, after, includeSuperseded, group } = request;
  const run = await loadVisibleRun(live.g, operation.viewer, runId);
  if (run === null) return refused(`There is no run ${JSON.stringify(runId.slice(0, 80))}.`, 'NOT_FOUND');
  // Where nothing has happened yet: events would be left out without a word until then.
  if (compareCursors(after, run.state.cursor) > 0) {
    return refused(`${formatCursor(after)} lies past the end of the run: it is a cursor of another.`, 'BAD_USER_INPUT');
  }

  const arrival = { connectionId, operationId, receivedAt };
  const claimed = await claimId(live, arrival, runId);
  if (claimed.kind === 'completed') return { kind: 'completed' };
  if (claimed.kind === 'taken') {
    // The protocol closes the socket here, which no handler behind API Gateway can do: both operations end instead.
    await complete(live, { ...arrival, receivedAt: Math.max(receivedAt, claimed.since) });
    return refused(`Subscriber for ${operationId} already exists.`, 'BAD_USER_INPUT');
  }
  const place = formatCursor(after);
  const subscription = subscriptionKey(runId, arrival);
  const record = encode({
    v: 1,
    run: runId,
    connection: connectionId,
    operation: operationId,
    document: operation.document,
    operationName: operation.operationName,
    variables: operation.variables && { ...operation.variables },
    viewer: operation.viewer.id,
    origin: operation.origin,
    expiresAt: operation.viewer.expiresAt?.getTime() ?? null,
    includeSuperseded,
    group,
    joined: false,
    sent: place,
    read: place,
    visited: false,
    failures: 0,
    retryAt: 0,
  });
  try {
    await store.put(subscription, record);
    // A `complete` that was handled between the two writes found nothing to remove but the claim.
    if ((await store.head(keys.connectionOperation(connectionId, operationId))) !== null) {
      return { kind: 'subscribed', runId };
    }
    await store.remove(subscription);
    return { kind: 'completed' };
  } catch (cause) {
    // Its client is told an error, which is the last it may hear of the operation.
    await complete(live, arrival).catch(() => undefined);
    throw cause;
  }
}

type Claimed = { readonly kind: 'claimed' | 'completed' } | { readonly kind: 'taken'; readonly since: number };

/** Holds the id of an operation for it, unless another has the id, or its own `complete` was handled first. */
async function claimId(live: Live, { connectionId, operationId, receivedAt }: Arrival, run: string): Promise<Claimed> {
  const { store } = live.g;
  const key = keys.connectionOperation(connectionId, operationId);
  const claim = encode({ v: 1, run, receivedAt });
  for (let again = true; ; again = false) {
    if ((await store.create(key, claim)).outcome !== 'taken') return { kind: 'claimed' };
    const holder = await readOperation(store, key);
    // Whose end was handled in between.
    if (holder === null && again) continue;
    if (holder === null || holder.value.run !== null) {
      return { kind: 'taken', since: holder?.value.receivedAt ?? receivedAt };
    }
    if (holder.value.receivedAt >= receivedAt) {
      await store.remove(key);
      return { kind: 'completed' };
    }
    if ((await store.replace(key, claim, holder.etag)).outcome !== 'stale') return { kind: 'claimed' };
  }
}

/**
 * Ends an operation. Where there is none (yet), its id is remembered, so that a `subscribe` that was sent before has no
 * effect. A later operation under the same id goes on.
 */
export async function complete(live: Live, { connectionId, operationId, receivedAt }: Arrival): Promise<void> {
  const { store } = live.g;
  const key = keys.connectionOperation(connectionId, operationId);
  const early = encode({ v: 1, run: null, receivedAt });
  for (;;) {
    if ((await store.create(key, early)).outcome !== 'taken') return;
    const holder = await readOperation(store, key);
    if (holder === null || holder.value.receivedAt > receivedAt) return;
    const { run, receivedAt: since } = holder.value;
    if (run === null) {
      if ((await store.replace(key, early, holder.etag)).outcome === 'stale') continue;
      return;
    }
    await store.remove(key);
    return store.remove(subscriptionKey(run, { connectionId, operationId, receivedAt: since }));
  }
}

function refused(message: string, code: 'NOT_FOUND' | 'BAD_USER_INPUT'): Subscribed {
  return { kind: 'refused', error: new GraphQLError(message, { extensions: { code } }) };
}
