/** What tests compare of a spool: the part of it that must be equal between equal runs. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type SpoolEvent, type Start, WORK } from '../../protocol.ts';

export type SpoolOf<T extends SpoolEvent['type']> = Extract<SpoolEvent, { type: T }>;

export const eventsOf = <T extends SpoolEvent['type']>(type: T, events: readonly SpoolEvent[]): SpoolOf<T>[] =>
  events.filter((event): event is SpoolOf<T> => event.type === type);

/** Metric rows without what depends on the machine or the clock. */
export const rowsOf = (events: readonly SpoolEvent[]) =>
  eventsOf('metrics', events).map(({ step, kimg, values }) => ({
    step,
    kimg,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('rate/'))),
  }));

export const sheetsOf = (events: readonly SpoolEvent[]) =>
  eventsOf('sample', events).map(({ step, sha256, trigger }) => ({ step, sha256, trigger }));

/** Where the attempt that wrote these lines began. */
export const beginOf = (events: readonly SpoolEvent[]): number => eventsOf('ready', events)[0]?.step ?? -1;

/** What is left of the items of attempts after each continued from a checkpoint of the one before. */
export function kept<T extends { readonly step: number }>(
  attempts: readonly (readonly SpoolEvent[])[],
  items: (events: readonly SpoolEvent[]) => T[],
): T[] {
  return attempts.flatMap((events, index) => {
    const next = attempts[index + 1];
    return items(events).filter(({ step }) => next === undefined || step <= beginOf(next));
  });
}

/** How an attempt continues from the newest checkpoint of a spool. */
export function continueFrom(events: readonly SpoolEvent[], attempt: number): Start {
  const sealed = eventsOf('checkpoint', events).at(-1);
  if (!sealed) throw new Error('There is no checkpoint to continue from.');
  return { v: 1, attempt, resumeFrom: { step: sealed.step, manifest: sealed.manifest } };
}

/** Puts the blobs of that checkpoint where the next attempt looks for them. */
export function copyCheckpoint(events: readonly SpoolEvent[], from: string, to: string): void {
  const sealed = eventsOf('checkpoint', events).at(-1);
  cpSync(join(from, WORK.spool, sealed?.folder ?? ''), join(to, WORK.checkpoint), { recursive: true });
}
