/** Reactions to an AbortSignal that may have been aborted already. */

/** Calls `react` when the signal is aborted, at once where it is. */
export function onAbort(signal: AbortSignal, react: () => void): void {
  if (signal.aborted) react();
  else signal.addEventListener('abort', react, { once: true });
}

/** Resolves to true when the work is done, to false when the signal is aborted first; then the work is left to itself. */
export async function beforeAbort(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  work.catch(() => {});
  const aborted = new Promise<false>((resolve) => onAbort(signal, () => resolve(false)));
  return Promise.race([work.then(() => true), aborted]);
}
