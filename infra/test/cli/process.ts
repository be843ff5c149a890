/** The command line `ganway` as a process of its own; knows no server. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const GANWAY = join(ROOT, 'graph/client/cli/ganway.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it without a terminal, with `env` and nothing else of this process's environment that it could read. */
export function startGanway(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly ended: Promise<Ended> } {
  const { PATH, HOME, GANWAY_CACHE, XDG_CACHE_HOME } = process.env;
  const child = spawn(process.execPath, [GANWAY, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, GANWAY_CACHE, XDG_CACHE_HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

/** Whether this machine can give a program a terminal. */
export function hasScript(): boolean {
  try {
    execFileSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
