/** Whether generated samples are copies of the training set; knows nothing of how features came about. */
import type { Matrix } from './matrix.ts';
import { forEachDistance } from './pairs.ts';

export interface Memorisation {
  /** Mean distance of fakes to their nearest training sample, by that of held-out ones: far below 1 is copying. */
  readonly ratio: number;
  /** Share of fakes nearer to a training sample than 99 % of the held-out ones are: 0.01 is expected. */
  readonly shareBelowPercentile: number;
  /**
   * Z of Mann and Whitney's test that fakes are farther than held-out samples: below -3 they are copies, above 3 the generator
   * underfits (Meehan et al. 2020, arXiv:2004.05675, whose Z has no correction for ties).
   */
  readonly z: number;
}

/**
 * Compares distances to the nearest training sample.
 *
 * @param heldOut real samples that were not trained on; null takes each training sample without itself for one
 */
export function memorisation(train: Matrix, heldOut: Matrix | null, fake: Matrix): Memorisation {
  const ofFake = nearestDistances(fake, train).sort();
  const ofReal = (heldOut ? nearestDistances(heldOut, train) : nearestOthers(train)).sort();
  const percentile = ofReal[Math.floor(0.01 * (ofReal.length - 1))] ?? 0;
  return {
    ratio: mean(ofFake) / mean(ofReal),
    shareBelowPercentile: ofFake.filter((distance) => distance < percentile).length / ofFake.length,
    z: mannWhitneyZ(ofFake, ofReal),
  };
}

/** Distance of each row of `a` to the nearest row of `b`. */
function nearestDistances(a: Matrix, b: Matrix): Float64Array {
  return nearest(a, b, () => false);
}

/** Distance of each row to the nearest other row. */
function nearestOthers(x: Matrix): Float64Array {
  return nearest(x, x, (row, column) => row === column);
}

function nearest(a: Matrix, b: Matrix, skip: (row: number, column: number) => boolean): Float64Array {
  const smallest = new Float64Array(a.rows).fill(Number.POSITIVE_INFINITY);
  forEachDistance(a, b, ({ firstRow, rows, columns, values }) => {
    for (let i = 0; i < rows; i++) {
      const row = firstRow + i;
      for (let column = 0; column < columns; column++) {
        const distance = values[i * columns + column] ?? 0;
        if (distance < (smallest[row] ?? 0) && !skip(row, column)) smallest[row] = distance;
      }
    }
  });
  return smallest.map(Math.sqrt);
}

/**
 * The standardised U of two samples in ascending order: negative where the first is the smaller one. Normal approximation with
 * mid-ranks, corrected for ties, without a correction for continuity (Mann and Whitney 1947).
 */
export function mannWhitneyZ(a: Float64Array, b: Float64Array): number {
  const [n, m] = [a.length, b.length];
  let [u, ties, i, j] = [0, 0, 0, 0];
  while (i < n) {
    const value = a[i] ?? 0;
    const [firstA, below] = [i, j];
    while (i < n && a[i] === value) i++;
    while (j < m && (b[j] ?? 0) < value) j++;
    const firstB = j;
    while (j < m && b[j] === value) j++;
    u += (i - firstA) * (firstB + (j - firstB) / 2);
    const tied = i - firstA + (j - firstB);
    ties += tied ** 3 - tied + tiesWithin(b, below, firstB);
  }
  ties += tiesWithin(b, j, m);
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return deviation > 0 ? (u - (n * m) / 2) / deviation : 0;
}

/** What groups of equal values between two places of an ordered sample take from the variance. */
function tiesWithin(values: Float64Array, from: number, to: number): number {
  let [sum, begin] = [0, from];
  for (let at = from + 1; at <= to; at++) {
    if (at < to && values[at] === values[begin]) continue;
    sum += (at - begin) ** 3 - (at - begin);
    begin = at;
  }
  return sum;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
