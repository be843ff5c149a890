/** Mean and covariance of samples, and a factor of a covariance; knows no metric. */
import type { Matrix } from './matrix.ts';
import { forEachProduct } from './pairs.ts';

export interface Moments {
  readonly mean: Float64Array;
  /** `[columns, columns]`, unbiased: divided by rows - 1. */
  readonly covariance: Matrix;
}

/** Moments of the rows, of which there are at least two. */
export function momentsOf({ rows, columns, values }: Matrix): Moments {
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      mean[column] = (mean[column] ?? 0) + (values[row * columns + column] ?? 0);
    }
  }
  for (let column = 0; column < columns; column++) mean[column] = (mean[column] ?? 0) / rows;
  // Transposed, so that a covariance is the product of two stretches of memory.
  const centred = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      centred[column * rows + row] = (values[row * columns + column] ?? 0) - (mean[column] ?? 0);
    }
  }
  const covariance = new Float64Array(columns * columns);
  const features = { rows: columns, columns: rows, values: centred };
  const visit = (i: number, j: number, product: number) => {
    covariance[i * columns + j] = product / (rows - 1);
    covariance[j * columns + i] = product / (rows - 1);
  };
  forEachProduct(
    features,
    features,
    (block) => {
      for (let i = 0; i < block.rows; i++) {
        for (let j = i; j < block.columns; j++) {
          visit(block.firstRow + i, block.firstColumn + j, block.values[i * block.columns + j] ?? 0);
        }
      }
    },
    { upper: true },
  );
  return { mean, covariance: { rows: columns, columns, values: covariance } };
}

/**
 * F `[rank, n]` with FᵀF = Σ, for a symmetric positive semidefinite Σ `[n, n]`: Cholesky's with complete pivoting, which ends
 * at the numerical rank (Higham 1990, "Analysis of the Cholesky decomposition of a semi-definite matrix"; LAPACK's dpstrf).
 */
export function factorOf({ rows: n, values: sigma }: Matrix): Matrix {
  const rest = Float64Array.from({ length: n }, (_, i) => sigma[i * n + i] ?? 0);
  const smallest = n * Number.EPSILON * Math.max(0, ...rest);
  const factor = new Float64Array(n * n);
  let rank = 0;
  for (; rank < n; rank++) {
    const pivot = indexOfLargest(rest);
    const largest = rest[pivot] ?? 0;
    if (!(largest > smallest)) break;
    const row = factor.subarray(rank * n, (rank + 1) * n);
    row.set(sigma.subarray(pivot * n, (pivot + 1) * n));
    for (let earlier = 0; earlier < rank; earlier++) {
      const share = factor[earlier * n + pivot] ?? 0;
      for (let i = 0; i < n; i++) row[i] = (row[i] ?? 0) - share * (factor[earlier * n + i] ?? 0);
    }
    const root = Math.sqrt(largest);
    for (let i = 0; i < n; i++) {
      const value = (row[i] ?? 0) / root;
      row[i] = value;
      rest[i] = (rest[i] ?? 0) - value * value;
    }
    rest[pivot] = 0; // what is left of it is rounding
  }
  return { rows: rank, columns: n, values: factor.subarray(0, rank * n) };
}

function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[largest] ?? 0)) largest = i;
  return largest;
}
