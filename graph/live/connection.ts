/** A connection's life in the store: born when it introduces itself, forgotten with all its subscriptions when it is gone. */
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import type { Live } from './live.ts';
import { subscriptionKey } from './members.ts';
import { type ConnectionRecord, encode, readOperation } from './records.ts';

/** Remembers who is behind a connection. Introducing oneself twice changes nothing: the first time holds. */
export async function rememberConnection(
  { g }: Pick<Live, 'g'>,
  connectionId: string,
  { viewer, origin, expiresAt }: Omit<ConnectionRecord, 'v'>,
): Promise<void> {
  await g.store.create(keys.connection(connectionId), encode({ v: 1, viewer, origin, expiresAt }));
}

/** Ends all subscriptions of a connection and forgets it. Safe to call more than once, and for one that never was. */
export async function forgetConnection({ g }: Pick<Live, 'g'>, connectionId: string): Promise<void> {
  const objects = await listAll(g.store, keys.connectionPrefix(connectionId));
  await Promise.all(objects.map(({ key }) => forgetObject(g, connectionId, key)));
}

/** Forgets every connection and subscription there is: for a gateway that has just started and so has none of them. */
export async function forgetAllConnections({ g }: Pick<Live, 'g'>): Promise<void> {
  for (const prefix of [keys.allLive, keys.allConnections]) {
    for (const { key } of await listAll(g.store, prefix)) await g.store.remove(key);
  }
}

async function forgetObject(g: Live['g'], connectionId: string, key: string): Promise<void> {
  const operationId = keys.operationOf(key);
  const claim = operationId === null ? null : ((await readOperation(g.store, key))?.value ?? null);
  if (operationId !== null && claim !== null && claim.run !== null) {
    await g.store.remove(subscriptionKey(claim.run, { connectionId, operationId, receivedAt: claim.receivedAt }));
  }
  await g.store.remove(key);
}
