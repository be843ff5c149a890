/** The log of the functions: one JSON line an entry, to standard output. */
import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** @param level `debug`, `info`, `warn`, `error` or `silent`; default `info`. */
export function createLog(level = 'info'): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
