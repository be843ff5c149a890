/** Samples as rows of numbers; knows no file and no metric. */
import { createSampler } from '../trainer/sampler.ts';

/** One sample a row, in C order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A matrix of numbers written out, for callers that hold a few. Rows must be equally long. */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

/** The rows of these indices, in their order. */
export function takeRows({ columns, values }: Matrix, indices: ArrayLike<number>): Matrix {
  const taken = new Float64Array(indices.length * columns);
  for (let row = 0; row < indices.length; row++) {
    const from = (indices[row] ?? 0) * columns;
    taken.set(values.subarray(from, from + columns), row * columns);
  }
  return { rows: indices.length, columns, values: taken };
}

/** `count` different indices below `length`, the `draw`-th such choice of a seed; `count` is at most `length`. */
export function choose(length: number, count: number, seed: number, draw: number): Int32Array {
  return createSampler(seed, length).batch(draw * length, count);
}

/** Two disjoint halves of indices below `length`, by seed; the larger rest goes to neither. */
export function halves(length: number, seed: number): readonly [Int32Array, Int32Array] {
  const half = Math.floor(length / 2);
  const order = choose(length, 2 * half, seed, 0);
  return [order.subarray(0, half), order.subarray(half)];
}
