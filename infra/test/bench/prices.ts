/** What AWS asks for what {@link Counts} count: list prices of us-east-1 without the free tiers; measures nothing. */
import type { Counts } from './meter.ts';

/** When the prices were looked up. */
export const PRICES_OF = '2025-12';

/** US dollars. */
const PRICE = {
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
  lambdaRequest: 0.2 / 1e6,
  /** A GB-second of ARM. */
  lambdaGbSecond: 0.0000133334,
  socketMessage: 1 / 1e6,
  socketMinute: 0.25 / 1e6,
  httpRequest: 1 / 1e6,
} as const;

/** Memory that the deployment gives each function, MB. */
const MEMORY_MB: Readonly<Record<keyof Counts['functions'], number>> = {
  ...{ http: 1769, authorize: 1769, socket: 1769, deliver: 1769 },
  ...{ credentials: 512, catchUp: 512, status: 512, reconcile: 1024 },
};
/**
 * What a request to S3 takes longer than one to a server on the same machine, milliseconds. It is charged for every
 * request of a function as if none went beside another, so that the price is rather too high.
 */
const S3_MS = 30;

export interface Bill {
  readonly s3: number;
  readonly lambda: number;
  readonly gateway: number;
}

export const sum = ({ s3, lambda, gateway }: Bill): number => s3 + lambda + gateway;

/** Seconds that functions are billed for. */
export function lambdaSeconds(counts: Counts): number {
  return Object.values(counts.functions).reduce((seconds, each) => seconds + billedSeconds(each), 0);
}

export function s3Requests({ functions, containers }: Counts): { readonly write: number; readonly read: number } {
  const all = [containers, ...Object.values(functions)];
  const total = (kind: 'write' | 'read') => all.reduce((requests, each) => requests + each[kind], 0);
  return { write: total('write'), read: total('read') };
}

/** Dollars for what was counted. @param connectionMinutes minutes that sockets were open */
export function billOf(counts: Counts, connectionMinutes: number): Bill {
  const { write, read } = s3Requests(counts);
  const lambda = Object.entries(counts.functions).reduce((dollars, [name, each]) => {
    const gigabytes = MEMORY_MB[name as keyof Counts['functions']] / 1024;
    return dollars + each.invocations * PRICE.lambdaRequest + billedSeconds(each) * gigabytes * PRICE.lambdaGbSecond;
  }, 0);
  const { messages, functions } = counts;
  return {
    s3: write * PRICE.s3Write + read * PRICE.s3Read,
    lambda,
    gateway:
      (messages.in + messages.out) * PRICE.socketMessage +
      connectionMinutes * PRICE.socketMinute +
      functions.http.invocations * PRICE.httpRequest,
  };
}

function billedSeconds({ milliseconds, write, read }: Counts['functions']['http']): number {
  return (milliseconds + (write + read) * S3_MS) / 1000;
}
