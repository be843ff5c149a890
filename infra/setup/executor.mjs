/** How TensorFlow is called where a person wants to say so; chooses nothing by itself. */
import { SetupError } from './setup-error.mjs';

/**
 * What `GANWAY_EXECUTOR` forces: `tensorflow`, the addon that a C++ compiler makes once, or `capi`, the same library
 * called from JavaScript. Null: the addon where it can be had.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {'tensorflow' | 'capi' | null}
 */
export function wantedExecutor(env = process.env) {
  const word = env.GANWAY_EXECUTOR;
  if (!word) return null;
  if (word === 'tensorflow' || word === 'capi') return word;
  throw new SetupError(`GANWAY_EXECUTOR is tensorflow or capi, not ${word}.`);
}
