/** The program a job runs: the container's entry in one file, quick to load, or else its sources; knows no queue. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Supervisor and trainer. */
export const BATCH_ENTRIES = ['batch/main.ts', 'batch/trainer/main.ts'];

export interface Entry {
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** Null where the bundle is used, else why it is not. */
  readonly lost: string | null;
}

/**
 * Bundles supervisor and trainer, which takes less than half a second and saves more than one at each launch, and tens of
 * megabytes: no source is transpiled, and few files are read. Where it cannot be made, jobs run from source.
 *
 * @param root the checkout
 */
export async function batchEntry(root = ROOT): Promise<Entry> {
  try {
    return { args: [join(await bundle(root, BATCH_ENTRIES), 'batch/main.js')], lost: null };
  } catch (error) {
    const args = ['--import', import.meta.resolve('tsx'), join(root, 'batch/main.ts')];
    return { args, lost: error instanceof Error ? error.message : String(error) };
  }
}
