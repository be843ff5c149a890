/** The ways in which a process executes programs on the TensorFlow of its machine; executes none. */

/** `tensorflow`: the stock TF.js addon, which has to be compiled once. `capi`: the same library called from JavaScript. */
export const NATIVE_EXECUTORS = ['tensorflow', 'capi'] as const;

export type NativeExecutor = (typeof NATIVE_EXECUTORS)[number];

/** Reads GANWAY_EXECUTOR or an argument made of it; null where it leaves the choice open. Throws an Error for any other word. */
export function parseExecutor(word: string | undefined): NativeExecutor | null {
  if (!word) return null;
  const known = NATIVE_EXECUTORS.find((executor) => executor === word);
  if (known) return known;
  throw new Error(`GANWAY_EXECUTOR is ${JSON.stringify(word)}, not one of ${NATIVE_EXECUTORS.join(', ')}`);
}
