/** Something the person at the machine can put right; the message says how. */
export class SetupError extends Error {
  constructor(message: string, options?: ErrorOptions);
}
/** One sentence about what went wrong and what to do. */
export function explain(error: unknown): string;
/** Ends the process with exit code 1 and one sentence on stderr. */
export function fail(error: unknown): never;
