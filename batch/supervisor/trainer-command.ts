/** The command line of a trainer: the one place that knows how its entry is started. */
import { fileURLToPath } from 'node:url';
import type { NativeExecutor } from '../protocol/executor.ts';

export interface TrainerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * A trainer for a work folder, on the TensorFlow in `nativeDir` where there is one, by `executor` where one is forced. A
 * bundled supervisor starts the trainer that was bundled with it; from source it is run through tsx.
 */
export function trainerCommand(
  workFolder: string,
  nativeDir: string | null,
  executor: NativeExecutor | null,
): TrainerCommand {
  const bundled = import.meta.url.endsWith('.js');
  const entry = fileURLToPath(new URL(bundled ? './trainer/main.js' : '../trainer/main.ts', import.meta.url));
  const loader = bundled ? [] : ['--import', import.meta.resolve('tsx')];
  return {
    command: process.execPath,
    args: [...loader, entry, workFolder, ...(nativeDir === null ? [] : [nativeDir, ...(executor ? [executor] : [])])],
  };
}
