/** The kernel distance of two clouds of features; knows nothing of how features came about. */
import { choose, type Matrix, takeRows } from './matrix.ts';
import { forEachProduct } from './pairs.ts';

export interface KernelDistanceOptions {
  /** Pairs of subsets that are compared, default 100. */
  readonly subsets?: number;
  /** Rows of a subset, default 1000; at most as many as there are. */
  readonly subsetSize?: number;
  readonly seed: number;
}

export interface KernelDistance {
  /** Mean over the subsets. Unbiased, so that it may be slightly below 0. */
  readonly value: number;
  /** Standard deviation over the subsets, divided by their number. */
  readonly deviation: number;
  /** Rows of each subset. */
  readonly subsetSize: number;
}

/**
 * Squared maximum mean discrepancy with the kernel (x·y/d + 1)³: on features of Inception the KID (Bińkowski et al. 2018,
 * arXiv:1801.01401).
 */
export function kernelDistance(
  real: Matrix,
  fake: Matrix,
  { subsets = 100, subsetSize: wanted = 1000, seed }: KernelDistanceOptions,
): KernelDistance {
  const subsetSize = Math.min(wanted, real.rows, fake.rows);
  // Subsets of all rows are all the same.
  const draws = subsetSize === real.rows && subsetSize === fake.rows ? 1 : subsets;
  const values = Array.from({ length: draws }, (_, draw) =>
    discrepancy(
      takeRows(real, choose(real.rows, subsetSize, seed, 2 * draw)),
      takeRows(fake, choose(fake.rows, subsetSize, seed, 2 * draw + 1)),
    ),
  );
  const value = values.reduce((sum, one) => sum + one, 0) / draws;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / draws;
  return { value, deviation: Math.sqrt(variance), subsetSize };
}

/** The unbiased estimate (Gretton et al. 2012, lemma 6) of two equally large sets of at least two rows. */
function discrepancy(x: Matrix, y: Matrix): number {
  const n = x.rows;
  return (
    (2 * (kernelsWithin(x) + kernelsWithin(y))) / (n * (n - 1)) - (2 * sumOfKernels(x, y, { upper: false })) / (n * n)
  );
}

/** Over all pairs of different rows, each pair once. */
const kernelsWithin = (x: Matrix): number => sumOfKernels(x, x, { upper: true });

function sumOfKernels(x: Matrix, y: Matrix, { upper }: { upper: boolean }): number {
  let sum = 0;
  forEachProduct(
    x,
    y,
    ({ rows, columns, values }) => {
      for (let i = 0; i < rows; i++) {
        // Of a block on the diagonal what lies above it.
        for (let j = upper ? i + 1 : 0; j < columns; j++) {
          const base = (values[i * columns + j] ?? 0) / x.columns + 1;
          sum += base * base * base;
        }
      }
    },
    { upper },
  );
  return sum;
}
