/** Order statistics of measurements; knows nothing of what was measured. */

/** The smallest value that a share `p`, 0 to 1, of the values does not exceed; NaN where there are none. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the two middle ones; NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Probability that the interval holds the median of the distribution. */
  readonly coverage: number;
}

/**
 * An interval for the median of the distribution that independent values came from, whatever its shape: the narrowest
 * pair of order statistics, alike from both ends, whose coverage by the binomial distribution reaches `level`; least and
 * greatest where no pair does (Conover, Practical Nonparametric Statistics, §3.2).
 */
export function medianInterval(values: readonly number[], level = 0.9): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  let outside = 0;
  let ways = 1;
  let best: Interval = { low: Number.NaN, high: Number.NaN, coverage: 0 };
  for (let k = 0; 2 * k < n; k++) {
    // Fewer than k + 1 values below the median, or above it: then the interval misses it.
    outside += ways / 2 ** n;
    ways = (ways * (n - k)) / (k + 1);
    const coverage = 1 - 2 * outside;
    if (k > 0 && coverage < level) break;
    best = { low: sorted[k] ?? Number.NaN, high: sorted[n - 1 - k] ?? Number.NaN, coverage };
  }
  return best;
}
