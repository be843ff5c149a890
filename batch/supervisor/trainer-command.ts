/** The command line of a trainer: the one place that knows how its entry is started. */
import { fileURLToPath } from 'node:url';

export interface TrainerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A trainer for a work folder, on the TensorFlow in `nativeDir` where there is one; run from source through tsx. */
export function trainerCommand(workFolder: string, nativeDir: string | null): TrainerCommand {
  const entry = fileURLToPath(new URL('../trainer/main.ts', import.meta.url));
  return {
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), entry, workFolder, ...(nativeDir === null ? [] : [nativeDir])],
  };
}
