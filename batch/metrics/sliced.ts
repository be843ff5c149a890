/** Transport between two clouds of samples, seen along single directions; knows neither features nor images. */
import { normals } from '../models/normals.ts';
import type { Matrix } from './matrix.ts';
import { productOf } from './pairs.ts';

/** Directions that are projected on at once: bounds memory. */
const AT_ONCE = 64;

export interface SlicedOptions {
  readonly directions: number;
  /** 1: mean distance of the transport, 2: mean squared distance. */
  readonly power: 1 | 2;
  readonly seed: number;
}

/** Mean over random unit directions of the cheapest transport between the projections of both clouds. */
export function slicedTransport(a: Matrix, b: Matrix, { directions, power, seed }: SlicedOptions): number {
  const all = unitDirections(directions, a.columns, seed);
  let sum = 0;
  for (let first = 0; first < directions; first += AT_ONCE) {
    const rows = Math.min(AT_ONCE, directions - first);
    const values = all.values.subarray(first * a.columns, (first + rows) * a.columns);
    const some: Matrix = { rows, columns: a.columns, values };
    const [ofA, ofB] = [productOf(some, a).values, productOf(some, b).values];
    for (let row = 0; row < rows; row++) {
      const along = (values: Float64Array, count: number) => values.subarray(row * count, (row + 1) * count).sort();
      sum += transport(along(ofA, a.rows), along(ofB, b.rows), power);
    }
  }
  return sum / directions;
}

/** `[count, columns]`, uniform on the sphere. */
export function unitDirections(count: number, columns: number, seed: number): Matrix {
  const values = Float64Array.from(normals(count * columns, seed, 0));
  for (let row = 0; row < count; row++) {
    const direction = values.subarray(row * columns, (row + 1) * columns);
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    for (let column = 0; column < columns; column++) direction[column] = (direction[column] ?? 0) / length;
  }
  return { rows: count, columns, values };
}

/**
 * Mean of |x - y|^power in the cheapest transport of two samples on a line, given in ascending order: the i-th goes to the
 * i-th, or, of unequal numbers, quantile to quantile.
 */
export function transport(a: Float64Array, b: Float64Array, power: 1 | 2): number {
  const total = a.length * b.length;
  let [sum, i, j] = [0, 0, 0];
  // Each value of a weighs b.length of the total, each of b a.length: whole numbers, so that no rest is left by rounding.
  for (let done = 0; done < total; ) {
    const next = Math.min((i + 1) * b.length, (j + 1) * a.length);
    const distance = Math.abs((a[i] ?? 0) - (b[j] ?? 0));
    sum += (next - done) * (power === 1 ? distance : distance * distance);
    done = next;
    if ((i + 1) * b.length === done) i++;
    if ((j + 1) * a.length === done) j++;
  }
  return sum / total;
}
