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
import type { JournalEvent } from '../../../../graph/run/events.ts';
import { append } from '../../../../graph/run/journal.ts';
import { schema } from '../../../../graph/schema.ts';
import { keys } from '../../../../graph/storage/keys.ts';
import type { ObjectStore, Sockets } from '../../../../graph/storage/ports.ts';
import { openFileStore } from '../../../clients/file-store.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../gateway.ts';

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

export interface RigOptions extends Partial<Pick<GatewayOptions, 'limits' | 'http' | 'routes' | 'hostRules'>> {
  readonly store?: ObjectStore;
  /** Stands between delivery and the connections. */
  readonly wrapSockets?: (sockets: Sockets) => Sockets;
  readonly viewer?: (id: string) => Promise<Viewer | null>;
}

export interface Rig {
  readonly gateway: Gateway;
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
    },
    queue: nothing('queue'),
    signer: nothing('signer'),
    memoryMb: () => null,
  };
  const warnings: unknown[] = [];
  const makeLive = (sockets: Sockets): Live => ({
    g,
    sockets: options.wrapSockets?.(sockets) ?? sockets,
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
  let live: Live | undefined;
  const gateway = await startGateway({
    port: 0,
    http: options.http ?? (async () => ({ statusCode: 404, headers: {}, body: '' })),
    socket: (sockets) => {
      live = makeLive(sockets);
      return makeSocket(live);
    },
    authorize: makeAuthorize({ authenticate: async () => viewer, scheme: 'http' }),
    limits: options.limits ?? {},
    hostRules: options.hostRules ?? {},
    routes: options.routes ?? [],
    log: (message, cause) => warnings.push([message, cause]),
  });
  if (live === undefined) throw new Error('the gateway made no socket handler');
  const clients: Client[] = [];
  return {
    gateway,
    live,
    warnings,
    another: () => makeLive(gateway.sockets),
    newRun: async () => {
      const runId = `lab-${randomBytes(9).toString('hex')}`;
      await store.create(keys.spec(runId), Buffer.from(JSON.stringify(specFile(runId))));
      await append(g, runId, () => [{ type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' }]);
      return runId;
    },
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

const at = '2026-01-01T00:00:00.000Z';

/** A row of metrics, with as many values as wanted. */
export function metrics(step: number, values = 1): JournalEvent {
  const names = Array.from({ length: values }, (_, index) => [`metric/${index}`, step + index] as const);
  return { type: 'METRICS', at, attempt: 1, step, kimg: step / 10, values: Object.fromEntries(names) };
}

export const ended: JournalEvent = { type: 'RUN_ENDED', at, phase: 'SUCCEEDED', reason: null };
export const heartbeat: JournalEvent = { type: 'HEARTBEAT', at, attempt: 1, step: 1 };

function specFile(runId: string) {
  return {
    v: 1,
    runId,
    createdAt: at,
    createdBy: 'user',
    name: null,
    spec: {
      v: 1,
      task: 'IMPORT',
      dataset: { id: 'lab-x', name: 'x' },
      size: 8,
      uploads: [],
      resources: { threads: 1, gpus: 0, memoryMb: 1024 },
      limits: { maxRuntime: null },
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
