/** The objects that stand for connections and subscriptions, as they are stored; knows no protocol. */
import * as v from 'valibot';
import type { ObjectStore } from '../storage/ports.ts';

const cursor = v.pipe(v.string(), v.regex(/^\d{10}\.\d{5}$/));

/** When the proof of who the viewer is ends, in milliseconds; null where it does not. */
const expiresAt = v.optional(v.nullable(v.number()), null);

const connectionRecord = v.object({
  v: v.literal(1),
  /** Id of the viewer; never a token. */
  viewer: v.string(),
  origin: v.string(),
  expiresAt,
});
export type ConnectionRecord = v.InferOutput<typeof connectionRecord>;

/** Holds the id of an operation of a connection, or remembers that it was completed before it arrived. */
const operationRecord = v.object({
  v: v.literal(1),
  /** Null for an operation whose `complete` overtook its `subscribe`. */
  run: v.nullable(v.string()),
  /** When the gateway received the message, in milliseconds. */
  receivedAt: v.number(),
});
export type OperationRecord = v.InferOutput<typeof operationRecord>;

/** How far a reader is: what it has been sent, and up to where nothing else was for it. */
const progress = v.object({ sent: cursor, read: cursor });
export type Progress = v.InferOutput<typeof progress>;

const subscriptionRecord = v.object({
  v: v.literal(1),
  run: v.string(),
  connection: v.string(),
  operation: v.string(),
  document: v.string(),
  operationName: v.nullable(v.string()),
  variables: v.nullable(v.record(v.string(), v.unknown())),
  viewer: v.string(),
  origin: v.string(),
  expiresAt,
  includeSuperseded: v.boolean(),
  /** Subscriptions of one group are sent the same bytes. */
  group: v.string(),
  /** True while the cursors of its group, in the lease, are its own too. */
  joined: v.boolean(),
  ...progress.entries,
  /** False until a round of delivery has met it. */
  visited: v.boolean(),
  /** Sends in a row that failed, and until when it is left alone for it (milliseconds). */
  failures: v.number(),
  retryAt: v.number(),
});
export type SubscriptionRecord = v.InferOutput<typeof subscriptionRecord>;

const leaseRecord = v.object({
  v: v.literal(1),
  /** Nonce of the holder; null when nobody delivers. */
  owner: v.nullable(v.string()),
  /** Milliseconds; what the last holder promised to be done by. */
  expiresAt: v.number(),
  /** True where the last holder could not do all it had to. */
  unfinished: v.boolean(),
  /** True where somebody came to deliver and found it held. */
  knocked: v.optional(v.boolean(), false),
  groups: v.record(v.string(), progress),
});
export type LeaseRecord = v.InferOutput<typeof leaseRecord>;

/** An object read from the store, with the etag that a replacement of it must name. */
export interface Stored<T> {
  readonly etag: string;
  readonly value: T;
}

export function encode(value: ConnectionRecord | OperationRecord | SubscriptionRecord | LeaseRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A lease that this version cannot read is taken for one that was let go before all was done: so it is written over. */
const unreadableLease: LeaseRecord = { v: 1, owner: null, expiresAt: 0, unfinished: true, knocked: false, groups: {} };

/** Reads an object; null where there is none. One that this version does not understand is `unreadable`, null by default. */
async function read<T>(
  store: ObjectStore,
  key: string,
  schema: v.GenericSchema<unknown, T>,
  unreadable: T | null = null,
): Promise<Stored<T> | null> {
  const object = await store.get(key);
  if (object === null) return null;
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(object.body));
  const value = result.success ? result.output : unreadable;
  return value && { etag: object.etag, value };
}

export const readConnection = (store: ObjectStore, key: string) => read(store, key, connectionRecord);
export const readOperation = (store: ObjectStore, key: string) => read(store, key, operationRecord);
export const readSubscription = (store: ObjectStore, key: string) => read(store, key, subscriptionRecord);
export const readLease = (store: ObjectStore, key: string) => read(store, key, leaseRecord, unreadableLease);
