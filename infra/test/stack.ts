/** A whole local Ganway as a person starts it, in a process of its own, for end-to-end tests; knows no scenario. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openStoreOf } from '../clients/open-store.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The line that `--json` prints. */
export interface Ready {
  readonly graphql: string;
  readonly queue: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  readonly storage: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    /** Of the embedded store, which has no endpoint; null where there is a server. */
    readonly folder: string | null;
  };
}

export interface Stack {
  readonly ready: Ready;
  readonly origin: string;
  readonly home: string;
  readonly process: ChildProcess;
  /** Everything the process wrote to standard error. */
  errors(): string;
  /** Sends an operation and returns its data; errors of the answer are thrown. */
  graphql<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Process ids of the programs below this stack whose command line holds a text, e.g. `batch/trainer/main`. */
  pidsOf(text: string): number[];
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

export interface StackOptions {
  /** Default: a fresh folder, removed at the end of the tests by {@link removeHomes}. */
  readonly home?: string;
  readonly args?: readonly string[];
  /** What Node runs in place of `npm start`; it takes the same arguments. */
  readonly program?: readonly string[];
  /** Set on top of the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

const homes: string[] = [];

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'ganway-e2e-'));
  homes.push(home);
  return home;
}

export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}

/** Starts `npm start -- --json --no-demo` on a free port and waits until it is ready. */
export async function startStack({
  home = newHome(),
  args = [],
  env = {},
  program = ['infra/setup/start.mjs'],
}: StackOptions = {}): Promise<Stack> {
  const child = spawn(process.execPath, [...program, '--json', '--no-demo', '--port', '0', '--home', home, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ready = await Promise.race([
    firstLine(child),
    exited.then((code) => {
      throw new Error(`The stack ended with ${code} before it was ready:\n${errors}`);
    }),
  ]);
  return {
    ready,
    origin: new URL(ready.graphql).origin,
    home,
    process: child,
    errors: () => errors,
    graphql: (query, variables) => ask(ready.graphql, query, variables),
    pidsOf: (text) => runningBelow(home, text),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** The storage of a stack, as another process sees it. */
export function openStorage({ storage: { folder, ...s3 } }: Ready): ObjectStore {
  return openStoreOf(folder === null ? { kind: 's3', s3 } : { kind: 'folder', folder });
}

async function firstLine(child: ChildProcess): Promise<Ready> {
  if (!child.stdout) throw new TypeError('The stack has no standard output.');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

async function ask<T>(url: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
  if (errors || data === undefined) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
  return data;
}

/** Process ids of what runs over a home and whose command line or environment holds a text. */
export function runningBelow(home: string, text = ''): number[] {
  const found = processes().filter(({ command }) => command.includes(home) && command.includes(text));
  return found.map(({ pid }) => pid);
}

/** Command lines and environments of all processes; the home of a stack is in one or the other. */
function processes(): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      return command === '' ? [] : [{ pid: Number(name), command: `${command} ${environment}` }];
    } catch {
      return [];
    }
  });
}
