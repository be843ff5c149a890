/** Counts what a cloud would bill: storage requests by who makes them, invocations and their time, messages of sockets; knows no price. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { Wired } from '../../../functions/wire.ts';
import type { ObjectStore, Sockets } from '../../../graph/storage/ports.ts';
import type { Handlers } from '../../local/handlers.ts';

/** Storage requests of the two kinds that S3 bills; removals are free. */
export interface Requests {
  /** PUT, COPY, POST and LIST. */
  write: number;
  /** GET and HEAD. */
  read: number;
}

export interface Invocations extends Requests {
  invocations: number;
  milliseconds: number;
}

export interface Counts {
  readonly functions: { readonly [K in keyof Handlers]: Invocations };
  /** Of supervisors and trainers. */
  readonly containers: Requests;
  /** Parts of 32 KB, which is what API Gateway counts. */
  readonly messages: { in: number; out: number };
}

const NAMES = [
  'http',
  'authorize',
  'socket',
  'credentials',
  'deliver',
  'catchUp',
  'status',
  'reconcile',
] as const satisfies readonly (keyof Handlers)[];
const MESSAGE_PART = 32_768;

const nothing = (): Invocations => ({ invocations: 0, milliseconds: 0, write: 0, read: 0 });

export interface Meter {
  readonly counts: Counts;
  wired(usual: Wired): Wired;
  handlers(usual: Handlers): Handlers;
  /** Counts a request of a container to the storage. */
  request(request: Pick<IncomingMessage, 'method' | 'url'>): void;
}

export function createMeter(): Meter {
  const current = new AsyncLocalStorage<Invocations>();
  const functions = Object.fromEntries(NAMES.map((name) => [name, nothing()])) as Record<keyof Handlers, Invocations>;
  const counts: Counts = { functions, containers: { write: 0, read: 0 }, messages: { in: 0, out: 0 } };
  const note = (kind: keyof Requests) => {
    const who = current.getStore();
    if (who) who[kind] += 1;
  };
  const metered =
    <Args extends unknown[], Result>(name: keyof Handlers, handler: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      const count = functions[name];
      count.invocations += 1;
      const from = performance.now();
      return current.run(count, () =>
        handler(...args).finally(() => {
          count.milliseconds += performance.now() - from;
        }),
      );
    };
  return {
    counts,
    wired: (usual) => ({
      ...usual,
      g: { ...usual.g, store: countingStore(usual.g.store, note) },
      sockets: usual.sockets && countingSockets(usual.sockets, counts),
    }),
    handlers: ({ http, authorize, socket, credentials, deliver, catchUp, status, reconcile }) => ({
      http: metered('http', http),
      authorize: metered('authorize', authorize),
      socket: metered('socket', (event) => {
        if (event.requestContext.eventType === 'MESSAGE') counts.messages.in += partsOf(event.body ?? '');
        return socket(event);
      }),
      credentials: credentials && metered('credentials', credentials),
      // A cloud is told of what its filter lets through; here all keys come.
      deliver: async (event) => {
        const key = event.Records?.[0]?.s3?.object?.key ?? '';
        return key.endsWith('.ndjson') ? metered('deliver', deliver)(event) : deliver(event);
      },
      catchUp: metered('catchUp', catchUp),
      status: metered('status', status),
      reconcile: metered('reconcile', reconcile),
    }),
    request: ({ method, url = '' }) => {
      if (method === 'DELETE') return;
      const isRead = method === 'HEAD' || (method === 'GET' && !url.includes('list-type='));
      counts.containers[isRead ? 'read' : 'write'] += 1;
    },
  };
}

const partsOf = (text: string): number => Math.max(1, Math.ceil(Buffer.byteLength(text) / MESSAGE_PART));

function countingStore(store: ObjectStore, note: (kind: keyof Requests) => void): ObjectStore {
  const noted =
    <Args extends unknown[], Result>(kind: keyof Requests, act: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      note(kind);
      return act(...args);
    };
  return {
    create: noted('write', store.create),
    replace: noted('write', store.replace),
    put: noted('write', store.put),
    list: noted('write', store.list),
    get: noted('read', store.get),
    head: noted('read', store.head),
    remove: store.remove,
  };
}

function countingSockets({ send }: Sockets, { messages }: Counts): Sockets {
  return {
    send: (id, message) => {
      messages.out += partsOf(message);
      return send(id, message);
    },
  };
}

/** What was counted between two readings. */
export function between(before: Counts, after: Counts): Counts {
  const subtract = <T extends object>(from: T, what: T): T =>
    Object.fromEntries(
      Object.entries(from).map(([name, value]) => {
        const less = what[name as keyof T];
        return [name, typeof value === 'number' ? value - Number(less) : subtract(value as object, less as object)];
      }),
    ) as T;
  return subtract(after, before);
}
