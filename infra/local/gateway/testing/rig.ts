/** What the tests of live delivery stand on: a gateway with the real handlers over a real store, runs to watch, clients; no test. */

import { randomBytes } from 'node:crypto';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { LRUCache } from 'lru-cache';
import { WebSocket } from 'ws';
import { makeAuthorize } from '../../../../functions/authorize.ts';
import { makeSocket } from '../../../../functions/socket.ts';
import type { Ganway, Viewer } from '../../../../graph/ganway.ts';
import type { Live } from '../../../../graph/live/live.ts';
import { createOperations } from '../../../../graph/live/operations.ts';
import { FREE } from '../../../../graph/money/machine.ts';
import type { JournalEvent } from '../../../../graph/run/events.ts';
import { append } from '../../../../graph/run/journal.ts';
import { schema } from '../../../../graph/schema.ts';
import type { ObjectStore, Sockets } from '../../../../graph/storage/ports.ts';
import { openFileStore } from '../../../clients/file-store.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { type ConnectionLimits, type Connections, createConnections } from '../connections.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../gateway.ts';
import { newRun } from './runs.ts';

export const viewer: Viewer = { id: 'user', name: 'User', projects: [{ id: 'lab', name: 'Lab', role: 'ADMIN' }] };
export const stranger: Viewer = { id: 'stranger', name: 'Stranger', projects: [] };

/** The subscription that most tests use. */
export const WATCH = `subscription Watch($run: ID!, $after: String) {
  runEvents(runId: $run, after: $after) {
    since cursor hasMore
    events { __typename ... on MetricsLogged { cursor step } ... on PhaseChanged { cursor phase } }
  }
}`;

/** A batch of {@link WATCH}. */
export interface Batch {
  readonly since: string;
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly events: readonly { readonly __typename: string; readonly cursor?: string; readonly step?: number }[];
}

export interface RigOptions extends Partial<Pick<GatewayOptions, 'http' | 'routes' | 'hostRules'>> {
  readonly limits?: ConnectionLimits;
  readonly store?: ObjectStore;
  /** Stands between delivery and the connections. */
  readonly wrapSockets?: (sockets: Sockets) => Sockets;
  readonly viewer?: (id: string) => Promise<Viewer | null>;
}

export interface Rig {
  readonly gateway: Gateway;
  readonly connections: Connections;
  readonly live: Live;
  readonly warnings: unknown[];
  /** A delivering process of its own over the same store and sockets. */
  another(): Live;
  newRun(): Promise<string>;
  say(runId: string, ...events: readonly JournalEvent[]): Promise<void>;
  client(options?: Partial<ClientOptions>): Client;
  close(): Promise<void>;
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const store = options.store ?? openFileStore(temporaryFolder());
  const g: Ganway = {
    store,
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
    settings: {
      version: '0',
      defaultProject: 'lab',
      slot: { threads: 1, gpus: 0, memoryMb: 1024 },
      jobEnvironment: {},
      maxOpenRuns: 10,
      money: FREE,
    },
    queue: nothing('queue'),
    signer: nothing('signer'),
    memoryMb: () => null,
    stepFlops: () => null,
    learned: () => [],
    whyWholeBatch: () => null,
  };
  const warnings: unknown[] = [];
  const connections = createConnections(options.limits);
  const makeLive = (): Live => ({
    g,
    sockets: options.wrapSockets?.(connections.sockets) ?? connections.sockets,
    operations: createOperations(g, schema, {
      newId: () => 'an-id',
      report: (_id, error) => warnings.push(error),
    }),
    viewer: options.viewer ?? (async (id) => (id === viewer.id ? viewer : null)),
    cache: new LRUCache({ max: 1000 }),
    warn: (message, cause) => {
      warnings.push([message, cause]);
    },
  });
  const live = makeLive();
  const gateway = await startGateway({
    port: 0,
    http: options.http ?? (async () => ({ statusCode: 404, headers: {}, body: '' })),
    socket: makeSocket(live),
    connections,
    authorize: makeAuthorize({ authenticate: async () => viewer, redeem: async () => null, scheme: 'http' }),
    hostRules: options.hostRules ?? {},
    routes: options.routes ?? [],
    log: (message, cause) => warnings.push([message, cause]),
  });
  const clients: Client[] = [];
  return {
    gateway,
    connections,
    live,
    warnings,
    another: makeLive,
    newRun: () => newRun(g),
    say: async (runId, ...events) => {
      await append(g, runId, () => events);
    },
    client: (more = {}) => {
      const client = createClient({
        url: `${gateway.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        ...more,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.dispose()));
      await gateway.close();
    },
  };
}

/** A part of the world that these tests do not reach. */
function nothing<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: (_target, property) => {
      throw new Error(`${name}.${String(property)} is not there`);
    },
  });
}
