/** Fréchet's distance against closed forms, and what must not change it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frechetDistance, frechetOfMoments } from './frechet.ts';
import { choose, type Matrix, matrixOf, takeRows } from './matrix.ts';
import { factorOf, momentsOf } from './moments.ts';
import { productOf } from './pairs.ts';
import { anyCloud, cloud } from './testing/clouds.ts';

const transposed = ({ rows, columns, values }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  values: values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0),
});
const diagonal = (values: readonly number[]): Matrix =>
  matrixOf(values.map((value, i) => values.map((_, j) => (i === j ? value : 0))));

describe("Fréchet's distance", () => {
  test('of Gaussians with given moments is the closed form', () => {
    const d = 20;
    for (const [shift, scale] of [
      [0, 1],
      [0.5, 1],
      [-1, 2],
      [3, 0.1],
    ] as const) {
      const real = { mean: new Float64Array(d), covariance: diagonal(new Array(d).fill(1)) };
      const fake = { mean: new Float64Array(d).fill(shift), covariance: diagonal(new Array(d).fill(scale ** 2)) };
      expect(frechetOfMoments(real, fake)).toBeCloseTo(d * shift ** 2 + d * (1 - scale) ** 2, 10);
    }
  });

  test('of covariances that do not commute is the root of the 2×2 matrix by hand', () => {
    const [a, b] = [
      [2, 1, 1, 1],
      [1, 0, 0, 3],
    ] as const;
    // tr √M = √(tr M + 2 √det M) for M = Σ₁Σ₂ of two rows.
    const root = Math.sqrt(2 * 1 + 1 * 3 + 2 * Math.sqrt(1 * 3));
    const moments = ([p, q, r, s]: readonly [number, number, number, number]) => ({
      mean: new Float64Array(2),
      covariance: matrixOf([
        [p, q],
        [r, s],
      ]),
    });
    expect(frechetOfMoments(moments(a), moments(b))).toBeCloseTo(3 + 4 - 2 * root, 12);
  });

  test('of a cloud and itself is 0, of any rank', () => {
    for (const rows of [2, 5, 40, 200]) {
      const x = cloud(rows, 30, rows);
      expect(frechetDistance(x, x)).toBeLessThan(1e-11);
    }
    const constant = matrixOf([
      [1, 2],
      [1, 2],
    ]);
    expect(frechetDistance(constant, constant)).toBe(0);
  });

  test('of clouds in a plane of many features is that in the plane', () => {
    const [a, b] = [cloud(100, 2, 1), cloud(90, 2, 2, { mean: 0.3, deviation: 1.5 })];
    const plane: Matrix = cloud(40, 2, 3);
    // Into 40 features by two orthonormal directions.
    const [u, v] = [0, 1].map((k) => plane.values.filter((_, at) => at % 2 === k)) as [Float64Array, Float64Array];
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, one, i) => sum + one * (y[i] ?? 0), 0);
    const share = dot(u, v) / dot(u, u);
    const w = v.map((one, i) => one - share * (u[i] ?? 0));
    const basis = transposed(
      matrixOf([[...u.map((one) => one / Math.sqrt(dot(u, u)))], [...w.map((one) => one / Math.sqrt(dot(w, w)))]]),
    );
    const lifted = (x: Matrix) => productOf(x, basis);
    expect(frechetDistance(lifted(a), lifted(b))).toBeCloseTo(frechetDistance(a, b), 10);
  });

  test('does not depend on the order of samples, nor of features, nor of the two clouds', () => {
    fc.assert(
      fc.property(anyCloud(4), anyCloud(4), fc.nat(100), (a, b, seed) => {
        const distance = frechetDistance(a, b);
        const mixed = takeRows(a, choose(a.rows, a.rows, seed, 0));
        const columns = choose(4, 4, seed, 1);
        const turned = (x: Matrix) => transposed(takeRows(transposed(x), columns));
        for (const other of [frechetDistance(mixed, b), frechetDistance(turned(a), turned(b)), frechetDistance(b, a)]) {
          expect(Math.abs(other - distance)).toBeLessThan(1e-6 * (1 + distance));
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('a factor of a covariance', () => {
  test('multiplies to the covariance and has its rank', () => {
    for (const [rows, columns, rank] of [
      [50, 8, 8],
      [6, 20, 5],
      [2, 3, 1],
    ] as const) {
      const { covariance } = momentsOf(cloud(rows, columns, 4));
      const factor = factorOf(covariance);
      expect(factor.rows).toBe(rank);
      const again = productOf(transposed(factor), transposed(factor));
      again.values.forEach((value, at) => {
        expect(value).toBeCloseTo(covariance.values[at] ?? Number.NaN, 12);
      });
    }
  });
});
