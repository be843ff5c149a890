/** Made samples for tests of metrics; knows no metric. */
import fc from 'fast-check';
import { normals } from '../../models/normals.ts';
import { type Matrix, matrixOf } from '../matrix.ts';
import type { Samples } from '../samples.ts';

/** Normal numbers with this mean and deviation in every feature, by seed. */
export function cloud(rows: number, columns: number, seed: number, { mean = 0, deviation = 1 } = {}): Matrix {
  const values = Float64Array.from(normals(rows * columns, seed, 0), (value) => mean + deviation * value);
  return { rows, columns, values };
}

export function samplesOf(name: string, { rows, columns, values }: Matrix, labels: Int32Array | null = null): Samples {
  return { name, array: { shape: [rows, columns], values }, labels };
}

/** A few rows of small numbers, of which some may be equal. */
export function anyCloud(columns: number, { rows = { min: 4, max: 24 }, whole = false } = {}): fc.Arbitrary<Matrix> {
  const value = whole ? fc.integer({ min: -3, max: 3 }) : fc.double({ min: -3, max: 3, noNaN: true });
  const row = fc.array(value, { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: rows.min, maxLength: rows.max }).map(matrixOf);
}
