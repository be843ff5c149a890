/** Begins and ends the operations of a connection; what a socket says about it is decided by who calls. */

import type { DocumentNode } from 'graphql';
import { GraphQLError } from 'graphql';
import { formatCursor } from '../run/cursor.ts';
import { loadRun } from '../run/load.ts';
import { maySee } from '../run/visible.ts';
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
  if (!maySee(operation.viewer, runId) || (await loadRun(live.g, runId)) === null)
    return refused(`There is no run ${JSON.stringify(runId.slice(0, 80))}.`, 'NOT_FOUND');

  const claim = keys.connectionOperation(connectionId, operationId);
  const claimed = await store.create(claim, encode({ v: 1, run: runId, receivedAt }));
  if (claimed.outcome === 'taken') {
    const holder = await readOperation(store, claim);
    const overtaken = holder?.value.run === null;
    if (overtaken && holder.value.receivedAt >= receivedAt) {
      await store.remove(claim);
      return { kind: 'completed' };
    }
    if (!overtaken) {
      // The protocol closes the socket here, which no handler behind API Gateway can do: both operations end instead.
      await complete(live, { connectionId, operationId, receivedAt });
      return refused(`Subscriber for ${operationId} already exists.`, 'BAD_USER_INPUT');
    }
    await store.put(claim, encode({ v: 1, run: runId, receivedAt }));
  }
  const place = formatCursor(after);
  const subscription = subscriptionKey(runId, { connectionId, operationId, receivedAt });
  await store.put(
    subscription,
    encode({
      v: 1,
      run: runId,
      connection: connectionId,
      operation: operationId,
      document: operation.document,
      operationName: operation.operationName,
      variables: operation.variables && { ...operation.variables },
      viewer: operation.viewer.id,
      origin: operation.origin,
      includeSuperseded,
      group,
      joined: false,
      sent: place,
      read: place,
      visited: false,
      failures: 0,
      retryAt: 0,
    }),
  );
  // A `complete` that was handled between the two writes found nothing to remove but the claim.
  if ((await store.head(claim)) === null) {
    await store.remove(subscription);
    return { kind: 'completed' };
  }
  return { kind: 'subscribed', runId };
}

/** Ends an operation. Where there is none (yet), its id is remembered, so that a `subscribe` that was sent before has no effect. */
export async function complete(live: Live, { connectionId, operationId, receivedAt }: Arrival): Promise<void> {
  const { store } = live.g;
  const claim = keys.connectionOperation(connectionId, operationId);
  const early = await store.create(claim, encode({ v: 1, run: null, receivedAt }));
  if (early.outcome !== 'taken') return;
  const holder = (await readOperation(store, claim))?.value;
  await store.remove(claim);
  if (holder && holder.run !== null) {
    await store.remove(subscriptionKey(holder.run, { connectionId, operationId, receivedAt: holder.receivedAt }));
  }
}

function refused(message: string, code: 'NOT_FOUND' | 'BAD_USER_INPUT'): Subscribed {
  return { kind: 'refused', error: new GraphQLError(message, { extensions: { code } }) };
}
