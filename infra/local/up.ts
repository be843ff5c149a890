/** The local cloud put together: storage, queue, functions and gateway in one process, over one home folder. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnv } from '../../functions/env.ts';
import type { HttpHandler } from '../../functions/http-event.ts';
import { type Wired, wire } from '../../functions/wire.ts';
import { forgetAllConnections } from '../../graph/live/connection.ts';
import { localSigner } from '../clients/local-signer.ts';
import { hasGpu, wantsGpu } from '../setup/gpu.mjs';
import type { Prepared } from '../setup/prepare.mjs';
import { startCredentialsApi } from './credentials-api.ts';
import { batchEntry, type Entry } from './entry.ts';
import { entryEnvironment, functionEnvironment, type Surroundings } from './environment.ts';
import { explorerRoute } from './explorer/route.ts';
import { type Connections, createConnections } from './gateway/connections.ts';
import { startConnectionsApi } from './gateway/connections-api.ts';
import { type Gateway, startGateway } from './gateway/gateway.ts';
import { objectsRoute } from './gateway/objects.ts';
import { checkPort } from './gateway/port.ts';
import { bundledHandlers, type Handlers, handlersMeant, sourceHandlers } from './handlers.ts';
import type { Home } from './home.ts';
import { deliverOnHints } from './live.ts';
import type { UpOptions } from './options.ts';
import type { EntryCommand } from './queue/attempt.ts';
import { type LocalQueue, startQueue } from './queue/queue.ts';
import type { BatchJobStateChange } from './queue/state-change.ts';
import { type Storage, startStorage } from './storage.ts';

export interface Stack {
  readonly url: string;
  readonly queue: LocalQueue;
  readonly storage: Storage;
  readonly wired: Wired;
  /** Ends every attempt as a lost host would, through a checkpoint, and then everything else. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECONCILE_MS = 10_000;

/** Parts that a benchmark puts in the place of the usual ones. */
export interface Parts {
  /** What a job runs. Default: the supervisor. */
  readonly entry?: () => Promise<Entry & { readonly file?: string }>;
  /** Environment of a job's entry, from the usual one. */
  readonly entryEnvironment?: (usual: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
  /** What the functions are made of. */
  readonly wired?: (usual: Wired) => Wired;
  readonly handlers?: (usual: Handlers) => Handlers;
}

/**
 * Starts everything; resolves when requests are answered. What had been started is ended again where a later part fails.
 *
 * @param say takes a line for the user
 */
export async function up(
  options: UpOptions,
  prepared: Prepared,
  home: Home,
  say: (line: string) => void,
  parts: Parts = {},
): Promise<Stack> {
  const ending: (() => Promise<void> | void)[] = [];
  // What one part cannot end must not keep the others running.
  const stop = async () => {
    const failures: unknown[] = [];
    for (const end of ending.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be ended in order.');
  };
  try {
    await checkPort(options.port);
    const storage = await startStorage(prepared, home.folder, say);
    ending.push(() => storage.stop());
    // Functions need the addresses of those who ask them: until they are there, these wait.
    let meet: (handlers: Handlers) => void = () => {};
    const met = new Promise<Handlers>((resolve) => {
      meet = resolve;
    });
    const around = surroundings(options, prepared, home, storage);
    const entry = { file: process.execPath, ...(await (parts.entry ?? batchEntry)()) };
    if (entry.lost !== null) say(`Jobs run from source, which makes each start a second slower: ${entry.lost}`);
    const credentials = await startCredentialsApi(async (event) => credentialsOf(await met)(event));
    ending.push(() => credentials.close());
    const usual = entryEnvironment(around, credentials.url);
    const env = (await parts.entryEnvironment?.(usual)) ?? usual;
    const command = { file: entry.file, args: entry.args, cwd: ROOT, env };
    const queue = await openQueue(options, around, command, async (event) => (await met).status(event));
    ending.push(() => queue.close({ graceful: true }));
    const connections = createConnections();
    const region = storage.access.region;
    const sockets = await startConnectionsApi({ connections, credentials: home.secrets, region });
    ending.push(() => sockets.close());
    const endpoints = { queue: queue.endpoint, sockets: sockets.endpoint };
    const environment = functionEnvironment(around, endpoints);
    const wired = (parts.wired ?? unchanged)(wire(readEnv(environment)));
    const handlers = (parts.handlers ?? unchanged)(await openHandlers(home, environment, wired, say));
    meet(handlers);
    // Connections of a process that was killed have nobody behind them any more.
    await forgetAllConnections(wired);
    const gateway = await openGateway(options, home, wired, connections, handlers);
    ending.push(() => gateway.close());
    ending.push(deliverOnHints(handlers, storage, wired.log));
    ending.push(reconcileOnTime(handlers, wired));
    return { url: gateway.url, queue, storage, wired, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const unchanged = <T>(part: T): T => part;

function surroundings({ slots }: UpOptions, { cacheDir, nativeDir, executor }: Prepared, home: Home, storage: Storage) {
  // A run without a GPU is not shown one, so that what the set-up prepared for has to be said here.
  const gpus = hasGpu() && wantsGpu() ? 1 : 0;
  return { home: home.folder, secrets: home.secrets, cacheDir, nativeDir, executor, slots, gpus, storage };
}

function openQueue(
  { slots }: UpOptions,
  around: Surroundings,
  command: EntryCommand,
  onStateChange: (event: BatchJobStateChange) => Promise<void>,
): Promise<LocalQueue> {
  const { accessKeyId, secretAccessKey } = around.secrets;
  return startQueue({
    home: join(around.home, 'queue'),
    slots,
    credentials: { accessKeyId, secretAccessKey },
    region: around.storage.access.region,
    command,
    onStateChange,
  });
}

async function openHandlers(
  { folder }: Home,
  environment: Readonly<Record<string, string>>,
  wired: Wired,
  say: (line: string) => void,
): Promise<Handlers> {
  if (handlersMeant() === 'sources') return sourceHandlers(wired);
  say('the functions run from their bundles');
  return bundledHandlers(join(folder, 'functions'), environment);
}

function credentialsOf({ credentials }: Handlers): HttpHandler {
  if (credentials === null) throw new Error('The storage gives out no credentials; no job is told to ask for some.');
  return credentials;
}

function openGateway(
  { port }: UpOptions,
  home: Home,
  { g, log }: Wired,
  connections: Connections,
  { http, authorize, socket }: Handlers,
): Promise<Gateway> {
  return startGateway({
    ...{ port, http, authorize, socket, connections },
    routes: [
      explorerRoute,
      objectsRoute({ store: g.store, signer: localSigner(Buffer.from(home.secrets.signing, 'base64')) }),
    ],
    log: (message, cause) => log.error({ err: cause }, message),
  });
}

/** Plays the schedule. One round at a time; what fails is tried again in the next. */
function reconcileOnTime({ reconcile }: Pick<Handlers, 'reconcile'>, { log }: Wired): () => Promise<void> {
  let round: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    round = reconcile()
      .catch((cause) => log.warn({ err: cause }, 'reconcile failed'))
      .finally(() => {
        busy = false;
      });
  }, RECONCILE_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
