/** Rounds of timings as a row for each contender; times nothing and prints nothing. */
import type { Timing } from '../../peers/contender.ts';
import type { Workload } from '../../peers/workload.ts';
import { median, medianInterval } from '../quantiles.ts';

/** What each contender needed in one round. */
export type Round = ReadonlyMap<string, Timing>;

export interface Row {
  readonly contender: string;
  /** Median over rounds of the round's median, milliseconds a step. */
  readonly p50Ms: number;
  readonly imagesPerSecond: number;
  /** The most of all rounds, 10⁶ bytes. */
  readonly peakRssMb: number;
  /** Speed as a multiple of the baseline's: median of the rounds' ratios, NaN without a baseline. */
  readonly ratio: number;
  /** 90 % interval of the ratio. */
  readonly low: number;
  readonly high: number;
}

/** Ratios are taken within rounds, so that what slows the machine down for a minute slows both sides. */
export function summarise(
  { batch }: Workload,
  contenders: readonly string[],
  rounds: readonly Round[],
  baseline: string,
): Row[] {
  const p50 = (round: Round, name: string) => median(round.get(name)?.times ?? []);
  return contenders.map((contender) => {
    const p50Ms = median(rounds.map((round) => p50(round, contender)));
    const ratios = rounds.map((round) => p50(round, baseline) / p50(round, contender));
    const { low, high } = medianInterval(ratios);
    const peaks = rounds.map((round) => round.get(contender)?.peakRssMb ?? Number.NaN);
    const peakRssMb = Math.max(...peaks);
    return { contender, p50Ms, imagesPerSecond: (1e3 * batch) / p50Ms, peakRssMb, ratio: median(ratios), low, high };
  });
}
