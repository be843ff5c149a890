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
  /** Of it, the process's own: see {@link Timing}. */
  readonly ownMb: number;
  /** Speed as a multiple of the baseline's: median of the rounds' ratios, NaN without a baseline. */
  readonly ratio: number;
  /** 90 % interval of the ratio. */
  readonly low: number;
  readonly high: number;
}

const NOTHING: Timing = { times: [], peakRssMb: Number.NaN, ownMb: Number.NaN };

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
    const most = (of: (timing: Timing) => number) =>
      Math.max(...rounds.map((round) => of(round.get(contender) ?? NOTHING)));
    const [peakRssMb, ownMb] = [most((timing) => timing.peakRssMb), most((timing) => timing.ownMb)];
    return {
      contender,
      p50Ms,
      imagesPerSecond: (1e3 * batch) / p50Ms,
      peakRssMb,
      ownMb,
      ratio: median(ratios),
      low,
      high,
    };
  });
}

/** What was wanted of Ganway, what it reached, and whether that is enough. */
export interface Verdict {
  readonly wanted: string;
  readonly reached: string;
  readonly ok: boolean;
}

/** Ganway's row against the targets, the baseline's memory and the fastest peer; without those rows nothing is said. */
export function judgeRows(
  rows: readonly Row[],
  baseline: string,
  target: number | undefined,
  memory: number,
): Verdict[] {
  const of = (name: string) => rows.find(({ contender }) => contender === name);
  const [own, base] = [of('ganway'), of(baseline)];
  if (!own || !base) return [];
  const share = own.peakRssMb / base.peakRssMb;
  const verdicts: Verdict[] = [
    { wanted: `peak memory at most ${memory} of ${baseline}`, reached: share.toFixed(2), ok: share <= memory },
  ];
  const peers = rows.filter((row) => row !== own).toSorted((a, b) => b.ratio - a.ratio);
  for (const { contender, ratio } of peers.slice(0, 1)) {
    const wanted = `not below the fastest peer, ${contender} at ${ratio.toFixed(2)}`;
    verdicts.push({ wanted, reached: own.ratio.toFixed(2), ok: own.ratio >= ratio });
  }
  if (target === undefined) return verdicts;
  const wanted = `lower end of the interval from ${target} of ${baseline}`;
  return [{ wanted, reached: own.low.toFixed(2), ok: own.low >= target }, ...verdicts];
}
