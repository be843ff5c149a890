/** Starts trainer processes over the toy and reads what they put into their spools. */
import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trainerEnvironment } from '../../protocol/environment.ts';
import type { NativeExecutor } from '../../protocol/executor.ts';
import { type SpoolEvent, WORK } from '../../protocol.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const TOY = fileURLToPath(new URL('toy-trainer.ts', import.meta.url));

/** Command line of a toy trainer for a work folder. */
export const toyCommand = (work: string, stepMs: number): [string, string[]] => [
  process.execPath,
  ['--import', 'tsx', TOY, work, String(stepMs)],
];

export function startToy(work: string, stepMs = 0): ChildProcess {
  const [command, args] = toyCommand(work, stepMs);
  return spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Starts a trainer on TensorFlow, after what `preload` names, by `executor` where one is forced. */
export function startReal(
  work: string,
  nativeDir: string,
  threads: number,
  { preload = [], executor = null }: { preload?: readonly string[]; executor?: NativeExecutor | null } = {},
): ChildProcess {
  const env = { ...trainerEnvironment({ threads, gpus: 0, memoryMb: 2048 }) };
  const imports = ['tsx', ...preload].flatMap((module) => ['--import', module]);
  return spawn(process.execPath, [...imports, MAIN, work, nativeDir, ...(executor ? [executor] : [])], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

/** Whole lines of the spool; the last may be cut off where the trainer was killed. */
export function linesOf(work: string): SpoolEvent[] {
  const path = join(work, WORK.events);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SpoolEvent);
}

/** Resolves with the first line that passes, once it is there. */
export async function lineWhere(work: string, passes: (event: SpoolEvent) => boolean): Promise<SpoolEvent> {
  const watcher = watch(join(work, WORK.spool));
  // Buffers changes from here on, so that none falls between a look and the wait for the next.
  const changes = on(watcher, 'change');
  try {
    for (;;) {
      const found = linesOf(work).find(passes);
      if (found) return found;
      await changes.next();
    }
  } finally {
    watcher.close();
  }
}
