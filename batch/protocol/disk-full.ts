/** Tells a full disk from other trouble; knows nobody who writes. */

/** True where an error, or what caused it, says that the disk or the user's share of it is full. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) return true;
  }
  return false;
}
