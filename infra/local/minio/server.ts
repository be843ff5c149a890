/** Keeps one MinIO server running as a child process on loopback; knows no buckets and no Ganway. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProcess } from '../../process/end.ts';
import { identify, type ProcessIdentity } from '../../process/identity.ts';
import { type HintReceiver, type OnObject, openHintReceiver } from './hints.ts';
import { type MinioSettings, minioSettings } from './settings.ts';

export interface MinioOptions {
  /** Path of the `minio` executable. */
  readonly binary: string;
  /** Folder of this server alone: `objects/`, `server.json` (port and credentials), `server.pid`, `server.log`. */
  readonly dataDir: string;
  /** Default: the port kept in `dataDir`, else a free one. */
  readonly port?: number;
  /**
   * How long the server outlives this process when that is killed, milliseconds, default 30,000: trainers still write
   * their last checkpoints to it.
   */
  readonly outlivesMs?: number;
  /** Told when the server dies and when it is back. */
  readonly onLine?: (line: string) => void;
}

export interface Minio {
  /** `http://127.0.0.1:<port>`; the same for as long as the handle lives. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The process id of the server at this moment; null while it is down. */
  readonly pid: number | null;
  /** Calls back after each restart, once the server answers again; returns the function that ends this. */
  onRestart(callback: () => void): () => void;
  /** Calls back for each object written, in any bucket whose rules name the target `GANWAY` (see `listen.ts`); returns the function that ends this. */
  onObject(callback: OnObject): () => void;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
}

/** Thrown when the server does not come up: `cause` or message hold what it wrote. */
export class MinioStartError extends Error {
  override readonly name = 'MinioStartError';
}

const HEALTH_POLL_MS = 50;
const START_TIMEOUT_MS = 30_000;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 2000;

/**
 * Starts MinIO on its folder and keeps it up until `stop()`: when it dies, whoever killed it, it is started again on the same
 * port. A server that a killed Ganway left behind on this folder is ended first.
 *
 * @throws MinioStartError when the server ends or stays mute at its first start; later failures are retried for ever.
 */
export async function startMinio({
  binary,
  dataDir,
  port,
  outlivesMs = 30_000,
  onLine = () => {},
}: MinioOptions): Promise<Minio> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  await endOrphan(folder);
  const settings = await minioSettings(folder, port);
  const hints = await openHintReceiver();
  const endpoint = `http://127.0.0.1:${settings.port}`;
  const listeners = new Set<() => void>();
  let child: Server | null = null;
  let stopping = false;

  const launch = () => {
    child = spawnServer({ binary, folder, settings, hints, outlivesMs });
    return child;
  };
  const supervise = (server: Server) => {
    server.keeper.once('exit', (code, signal) => {
      child = null;
      if (stopping) return;
      onLine(`minio: ended (${signal ?? `exit code ${code}`}), starting it again`);
      void revive();
    });
  };
  const revive = async () => {
    for (let backoff = FIRST_BACKOFF_MS; !stopping; backoff = Math.min(2 * backoff, LONGEST_BACKOFF_MS)) {
      await wait(backoff);
      if (stopping) return;
      const server = launch();
      const failure = await untilHealthy(server, endpoint, folder);
      if (stopping) return;
      if (failure) {
        onLine(`minio: ${failure}`);
        await kill(server);
        continue;
      }
      supervise(server);
      onLine(`minio: back on ${endpoint}`);
      for (const callback of listeners) callback();
      return;
    }
  };

  const first = launch();
  const failure = await untilHealthy(first, endpoint, folder);
  if (failure) {
    await kill(first);
    await hints.close();
    throw new MinioStartError(failure);
  }
  supervise(first);

  return {
    endpoint,
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
    get pid() {
      return child?.pid() ?? null;
    },
    onRestart(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    onObject: hints.onObject,
    async stop() {
      stopping = true;
      if (child) await kill(child);
      await hints.close();
      rmSync(join(folder, 'server.pid'), { force: true });
    },
  };
}

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));

/** A server and the process that ends it when this one is gone. */
interface Server {
  readonly keeper: ChildProcess;
  /** Of the server itself; null before it runs and after it ended. */
  pid(): number | null;
}

interface SpawnOptions {
  readonly binary: string;
  readonly folder: string;
  readonly settings: MinioSettings;
  readonly hints: HintReceiver;
  readonly outlivesMs: number;
}

function spawnServer({ binary, folder, settings, hints, outlivesMs }: SpawnOptions): Server {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MINIO_'));
  const log = openSync(join(folder, 'server.log'), 'a');
  const keeper = spawn(
    process.execPath,
    [
      KEEPER,
      String(outlivesMs),
      binary,
      'server',
      ...['--quiet', '--address', `127.0.0.1:${settings.port}`, '--certs-dir', join(folder, 'certs')],
      join(folder, 'objects'),
    ],
    {
      // The channel breaks when this process dies, however it dies: so the keeper can notice.
      stdio: ['ignore', log, log, 'ipc'],
      // Its own process group: Ctrl-C in the terminal must not reach the storage before the trainers have written their checkpoints.
      detached: true,
      env: {
        ...Object.fromEntries(inherited),
        MINIO_ROOT_USER: settings.accessKeyId,
        MINIO_ROOT_PASSWORD: settings.secretAccessKey,
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        ...hints.environment,
      },
    },
  );
  closeSync(log);
  let pid: number | null = null;
  keeper.once('message', (message: { readonly pid: number }) => {
    pid = message.pid;
    writeFileSync(join(folder, 'server.pid'), JSON.stringify(identify(pid)));
  });
  return { keeper, pid: () => (hasEnded(keeper) ? null : pid) };
}

/** Null when the server answers, else what went wrong. */
async function untilHealthy({ keeper }: Server, endpoint: string, folder: string): Promise<string | null> {
  const logStart = statSync(join(folder, 'server.log')).size;
  let ended: string | null = null;
  keeper.once('error', (error) => {
    ended = `cannot be started: ${error.message}`;
  });
  keeper.once('exit', (code, signal) => {
    ended ??= `ended at its start (${signal ?? `exit code ${code}`}): ${logTail(folder, logStart)}`;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (ended) return ended;
    if (await isHealthy(endpoint)) return null;
    await wait(HEALTH_POLL_MS);
  }
  return `gives no answer on ${endpoint} after ${START_TIMEOUT_MS / 1000} s: ${logTail(folder, logStart)}`;
}

async function isHealthy(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/minio/health/live`, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    // It says "live" before it serves objects, with this header.
    return response.ok && response.headers.get('x-minio-server-status') !== 'offline';
  } catch {
    return false;
  }
}

function logTail(folder: string, from: number): string {
  const written = readFileSync(join(folder, 'server.log')).subarray(from).toString('utf8').trim();
  return written.split('\n').slice(-8).join('\n') || 'it wrote nothing';
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function kill({ keeper, pid }: Server): Promise<void> {
  if (keeper.pid === undefined || hasEnded(keeper)) return;
  const gone = new Promise<void>((done) => keeper.once('exit', () => done()));
  keeper.kill('SIGTERM');
  const hard = setTimeout(() => {
    const server = pid();
    if (server !== null) process.kill(server, 'SIGKILL');
    keeper.kill('SIGKILL');
  }, 5000);
  await gone;
  clearTimeout(hard);
}

/** Ends the server that a Ganway killed outright left behind; whoever else has that process id by now is left alone. */
async function endOrphan(folder: string): Promise<void> {
  const path = join(folder, 'server.pid');
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity | null;
    if (owner !== null) await endProcess(owner);
  } catch {
    // No file, or one cut short by a crash: there is nobody whom it names.
  }
  rmSync(path, { force: true });
}
