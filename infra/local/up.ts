/** The local cloud put together: storage, queue, functions and gateway in one process, over one home folder. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeAuthorize } from '../../functions/authorize.ts';
import { issueOptions, makeCredentials } from '../../functions/credentials.ts';
import { readEnv } from '../../functions/env.ts';
import { makeHttp } from '../../functions/http.ts';
import type { HttpHandler } from '../../functions/http-event.ts';
import { createLive } from '../../functions/live.ts';
import { makeReconcile } from '../../functions/reconcile.ts';
import { makeSocket } from '../../functions/socket.ts';
import { makeStatus } from '../../functions/status.ts';
import { type Wired, wire } from '../../functions/wire.ts';
import { forgetAllConnections } from '../../graph/live/connection.ts';
import { localSigner } from '../clients/local-signer.ts';
import { hasGpu, wantsGpu } from '../setup/gpu.mjs';
import type { Prepared } from '../setup/prepare.mjs';
import { startCredentialsApi } from './credentials-api.ts';
import { batchEntry } from './entry.ts';
import { entryEnvironment, functionEnvironment, type Surroundings } from './environment.ts';
import { explorerRoute } from './explorer/route.ts';
import { createConnections } from './gateway/connections.ts';
import { startConnectionsApi } from './gateway/connections-api.ts';
import { type Gateway, type GatewayOptions, startGateway } from './gateway/gateway.ts';
import { objectsRoute } from './gateway/objects.ts';
import { checkPort } from './gateway/port.ts';
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
    // The domain needs the queue's address before it can hear the queue's news; until then they wait.
    let hear: (status: ReturnType<typeof makeStatus>) => void = () => {};
    const hearing = new Promise<ReturnType<typeof makeStatus>>((resolve) => {
      hear = resolve;
    });
    const around = surroundings(options, prepared, home, storage);
    const entry = await batchEntry();
    if (entry.lost !== null) say(`Jobs run from source, which makes each start a second slower: ${entry.lost}`);
    let give: (credentials: HttpHandler) => void = () => {};
    const giving = new Promise<HttpHandler>((resolve) => {
      give = resolve;
    });
    const credentials = await startCredentialsApi(async (event) => (await giving)(event));
    ending.push(() => credentials.close());
    const command = commandOf(around, entry.args, credentials.url);
    const queue = await openQueue(options, around, command, async (event) => (await hearing)(event));
    ending.push(() => queue.close({ graceful: true }));
    const connections = createConnections();
    const region = storage.access.region;
    const sockets = await startConnectionsApi({ connections, credentials: home.secrets, region });
    ending.push(() => sockets.close());
    const endpoints = { queue: queue.endpoint, sockets: sockets.endpoint };
    const wired = wire(readEnv(functionEnvironment(around, endpoints)));
    hear(makeStatus(wired.g));
    const issue = issueOptions(wired.env);
    if (issue) give(makeCredentials({ ...wired, issue }));
    // Connections of a process that was killed have nobody behind them any more.
    await forgetAllConnections(wired);
    const live = createLive(wired);
    const gateway = await openGateway(options, home, wired, { connections, socket: makeSocket(live) });
    ending.push(() => gateway.close());
    ending.push(deliverOnHints(live, storage));
    ending.push(reconcileOnTime(wired));
    return { url: gateway.url, queue, storage, wired, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

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

function commandOf(around: Surroundings, args: readonly string[], credentialsUrl: string): EntryCommand {
  return { file: process.execPath, args, cwd: ROOT, env: entryEnvironment(around, credentialsUrl) };
}

function openGateway(
  { port }: UpOptions,
  home: Home,
  wired: Wired,
  webSocket: Pick<GatewayOptions, 'connections' | 'socket'>,
): Promise<Gateway> {
  const { g, log, authenticate } = wired;
  return startGateway({
    port,
    http: makeHttp({ g, log, authenticate, scheme: 'http' }),
    ...webSocket,
    authorize: makeAuthorize({ authenticate, scheme: 'http' }),
    routes: [
      explorerRoute,
      objectsRoute({ store: g.store, signer: localSigner(Buffer.from(home.secrets.signing, 'base64')) }),
    ],
    log: (message, cause) => log.error({ err: cause }, message),
  });
}

/** Plays the schedule. One round at a time; what fails is tried again in the next. */
function reconcileOnTime({ g, log }: Wired): () => Promise<void> {
  const reconcile = makeReconcile(g, [g.settings.defaultProject]);
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
