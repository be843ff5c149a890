/** How long a training will take and what it will cost, as a spread, from what is known; pure, knows no storage. */
import type { TrainSpec } from '../spec/spec.ts';
import { type Machine, SUSTAINED_FLOPS } from './machine.ts';
import { hashOf, type Measurement, placeOf } from './measured.ts';

export type EstimateBasis = 'MEASURED_SAME_SPEC' | 'MEASURED_SIMILAR' | 'MODEL';

/** Nine in ten are above `low`, and nine in ten below `high`. */
export interface Spread {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Estimate {
  /** Of computing. */
  readonly seconds: Spread;
  /** US dollars; null where there is no price. */
  readonly costUsd: Spread | null;
  readonly basis: EstimateBasis;
}

/** What a container takes before its trainer computes, seconds: its image, the data set, TensorFlow's start. */
const START_SECONDS = 120;

/** Factors on the least, the middle and the largest of what is known, for what was not measured. */
const DOUBT: Readonly<Record<EstimateBasis, Spread>> = {
  MEASURED_SAME_SPEC: { low: 0.9, expected: 1, high: 1.15 },
  MEASURED_SIMILAR: { low: 0.8, expected: 1, high: 1.3 },
  // Shares of a GPU's peak that networks reach differ by as much.
  MODEL: { low: 1 / 4, expected: 1, high: 4 },
};

export interface Known {
  /** Of trainings of this kind, anywhere. */
  readonly measured: readonly Measurement[];
  /** Floating-point operations of a step; null where they cannot be counted. */
  readonly stepFlops: number | null;
}

/**
 * The estimate for a spec where it says it is to be computed; null where nothing is known.
 *
 * @param machine that of the spec; null where it is a slot, about whose speed only measurements tell
 * @param usdPerHour default: that of the machine
 */
export function estimateOf(
  spec: TrainSpec,
  { measured, stepFlops }: Known,
  machine: Machine | null,
  usdPerHour = machine?.usdPerHour ?? null,
): Estimate | null {
  const here = measured.filter(({ place }) => place === placeOf(spec));
  const same = here.filter((measurement) => measurement.spec === hashOf(spec));
  const sustained = machine && SUSTAINED_FLOPS[machine.size.id];
  const [basis, paces]: readonly [EstimateBasis, readonly number[]] =
    same.length > 0
      ? ['MEASURED_SAME_SPEC', same.map(({ secondsPerStep }) => secondsPerStep)]
      : here.length > 0
        ? ['MEASURED_SIMILAR', here.map(({ secondsPerStep }) => secondsPerStep)]
        : ['MODEL', stepFlops !== null && sustained ? [stepFlops / sustained] : []];
  const pace = spreadOf(paces);
  if (!pace) return null;
  const seconds = map(pace, (value, bound) => value * DOUBT[basis][bound] * spec.steps);
  const costUsd = usdPerHour === null ? null : map(seconds, (value) => ((value + START_SECONDS) / 3600) * usdPerHour);
  return { seconds, costUsd, basis };
}

function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, expected, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return low === undefined || expected === undefined || high === undefined ? null : { low, expected, high };
}

function map({ low, expected, high }: Spread, f: (value: number, bound: keyof Spread) => number): Spread {
  return { low: f(low, 'low'), expected: f(expected, 'expected'), high: f(high, 'high') };
}
