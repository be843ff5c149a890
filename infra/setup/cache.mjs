/** Where things that outlive a checkout are kept; knows none of them. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './setup-error.mjs';

/** The root of the checkout. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * The cache folder, made when it is missing: `$GANWAY_CACHE`, `$XDG_CACHE_HOME/ganway`, `~/.cache/ganway`, or `.cache` in the
 * checkout when none of those can be written. One that was named by `GANWAY_CACHE` is never replaced by another.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  const named = env.GANWAY_CACHE;
  const usual = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ganway');
  const candidates = named ? [named] : [usual, join(checkout, '.cache')];
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK | constants.X_OK);
      return folder;
    } catch {
      // The next candidate, or the sentence below.
    }
  }
  throw new SetupError(
    `Nothing can be written to ${candidates.join(' or ')}. Set GANWAY_CACHE to a folder of your own with about 3 GB of room (for a GPU 7 GB).`,
  );
}
