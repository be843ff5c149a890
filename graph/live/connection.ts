/** A connection's life in the store: born when it introduces itself, forgotten with all its subscriptions when it is gone. */
import { keys } from '../storage/keys.ts';
import type { Live } from './live.ts';
import { subscriptionKey } from './members.ts';
import { encode, readOperation } from './records.ts';

/** Remembers who is behind a connection. Introducing oneself twice changes nothing: the first time holds. */
export async function rememberConnection(
  { g }: Pick<Live, 'g'>,
  connectionId: string,
  { viewer, origin }: { readonly viewer: string; readonly origin: string },
): Promise<void> {
  await g.store.create(keys.connection(connectionId), encode({ v: 1, viewer, origin }));
}

/** Ends all subscriptions of a connection and forgets it. Safe to call more than once, and for one that never was. */
export async function forgetConnection({ g }: Pick<Live, 'g'>, connectionId: string): Promise<void> {
  for (let startAfter: string | undefined; ; ) {
    const page = await g.store.list(
      keys.connectionPrefix(connectionId),
      startAfter === undefined ? {} : { startAfter },
    );
    await Promise.all(page.objects.map(({ key }) => forgetObject(g, connectionId, key)));
    if (page.next === null) return;
    startAfter = page.next;
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
