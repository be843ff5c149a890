/** How fast a trainer was between two steps, from its own rows; knows not who recorded them. */
import type { SeenEvent } from '../watch-run.ts';
import { ranBetween, type Turn } from './turns.ts';

/** What a row says about the steps since the row before. */
export interface RateRow {
  readonly step: number;
  /** Milliseconds since 1970, by the trainer's clock. */
  readonly at: number;
  readonly imagesPerSecond: number;
  /** MiB. */
  readonly memory: number;
}

/** Rows of a run that was watched. */
export function rowsOf(events: readonly SeenEvent[]): RateRow[] {
  return events.flatMap(({ step, at, values }) => {
    if (step === undefined || !values) return [];
    const named = (name: string): number => values.find((value) => value.name === name)?.value ?? Number.NaN;
    return [
      {
        step,
        at: Date.parse(at),
        imagesPerSecond: named('rate/images_per_second'),
        memory: named('rate/memory_mb'),
      },
    ];
  });
}

/**
 * Images a second over the steps after `from` up to `to`: all images over all the time, pauses for sheets and checkpoints
 * with it. Throws where no row ends in there.
 */
export function speedBetween(rows: readonly RateRow[], batchSize: number, from: number, to: number): number {
  let images = 0;
  let seconds = 0;
  for (const [index, { step, imagesPerSecond }] of rows.entries()) {
    if (step <= from || step > to) continue;
    const shown = (step - (rows[index - 1]?.step ?? 0)) * batchSize;
    images += shown;
    seconds += shown / imagesPerSecond;
  }
  if (!(seconds > 0)) throw new RangeError(`No row falls on the steps from ${from} to ${to}.`);
  return images / seconds;
}

/** The same of a trainer that ran in turns only. Throws where no row falls on either step. */
export function speedInTurns(
  rows: readonly RateRow[],
  turns: readonly Turn[],
  batchSize: number,
  from: number,
  to: number,
): number {
  const [first, last] = [from, to].map((step) => {
    const row = rows.find((each) => each.step === step);
    if (row === undefined) throw new RangeError(`No row falls on step ${step}.`);
    return row.at;
  }) as [number, number];
  return ((to - from) * batchSize * 1000) / ranBetween(turns, first, last);
}
