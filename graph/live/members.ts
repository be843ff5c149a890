/** The subscriptions of a run as delivery finds and leaves them; knows how they are stored, not what they are sent. */

import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import type { ObjectSummary } from '../storage/ports.ts';
import type { Live } from './live.ts';
import {
  encode,
  type LeaseRecord,
  readLease,
  readSubscription,
  type Stored,
  type SubscriptionRecord,
} from './records.ts';

type Reader = Pick<Live, 'g' | 'cache'>;

/** One subscription, with the key and etag it was read under. */
export interface Member extends Stored<SubscriptionRecord> {
  readonly key: string;
}

/** All that is stored about the live side of one run. */
export interface LiveRun {
  readonly members: readonly Member[];
  readonly lease: Stored<LeaseRecord> | null;
}

/**
 * The members are not older than the lease: they were listed when it was known already. Whoever takes it as it was found
 * so misses nobody who has joined under another holder.
 */
export async function readLiveRun(live: Reader, runId: string): Promise<LiveRun> {
  for (let known = live.cache.get(keys.lease(runId))?.etag; ; ) {
    const liveRun = await readObjects(live, await listAll(live.g.store, keys.live(runId)));
    const { members, lease } = liveRun;
    if (members.length === 0 || lease === null || lease.etag === known) return liveRun;
    known = lease.etag;
  }
}

/** Reads the objects of one run's live prefix; what the cache knows by its etag is not read again. */
export async function readObjects(live: Reader, objects: readonly ObjectSummary[]): Promise<LiveRun> {
  let lease: Stored<LeaseRecord> | null = null;
  const members = await Promise.all(
    objects.map(async (object): Promise<Member | null> => {
      if (object.key.endsWith('/lease.json')) {
        lease = await readCached(live, object, readLease);
        return null;
      }
      const stored = await readCached(live, object, readSubscription);
      return stored && { key: object.key, ...stored };
    }),
  );
  return { members: members.filter((member) => member !== null), lease };
}

async function readCached<T>(
  { g, cache }: Reader,
  { key, etag }: ObjectSummary,
  read: (store: Live['g']['store'], key: string) => Promise<Stored<T> | null>,
): Promise<Stored<T> | null> {
  const known = cache.get(key);
  // What is under this key was put there by this very reader or by replaceMember.
  if (known?.etag === etag) return known as Stored<T>;
  const stored = await read(g.store, key);
  if (stored !== null) cache.set(key, stored);
  return stored;
}

/** Changes a subscription; null where it was ended or changed meanwhile, which then holds. */
export async function replaceMember(
  { g, cache }: Reader,
  { key, etag }: Member,
  value: SubscriptionRecord,
): Promise<Member | null> {
  const result = await g.store.replace(key, encode(value), etag);
  if (result.outcome === 'stale') return null;
  const stored = { etag: result.etag, value };
  cache.set(key, stored);
  return { key, ...stored };
}

/** An operation as it came over a connection. */
export interface Arrival {
  readonly connectionId: string;
  readonly operationId: string;
  /** When the gateway received it, in milliseconds: messages of one connection may be handled out of order. */
  readonly receivedAt: number;
}

/** A subscription's own key: a later one of the same connection and id has another. */
export function subscriptionKey(runId: string, { connectionId, operationId, receivedAt }: Arrival): string {
  return keys.subscription(runId, connectionId, `${operationId}@${receivedAt}`);
}

/** Makes the id of an operation free again. Before its client is told the end: it may use the id at once. */
export async function freeId({ g }: Pick<Live, 'g'>, { value }: Member): Promise<void> {
  await g.store.remove(keys.connectionOperation(value.connection, value.operation));
}
