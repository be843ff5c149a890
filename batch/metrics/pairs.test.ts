/** Blocks of pairs against the sums written out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Matrix } from './matrix.ts';
import { type Block, forEachDistance, forEachProduct, type PairOptions, productOf } from './pairs.ts';
import { anyCloud, cloud } from './testing/clouds.ts';

const value = ({ values, columns }: Matrix, row: number, column: number) =>
  values[row * columns + column] ?? Number.NaN;
const sum = (a: Matrix, b: Matrix, i: number, j: number, term: (x: number, y: number) => number) =>
  Array.from({ length: a.columns }, (_, k) => term(value(a, i, k), value(b, j, k))).reduce((s, one) => s + one, 0);

type ForEach = (a: Matrix, b: Matrix, visit: (block: Block) => void, options?: PairOptions) => void;

/** Every pair that was visited, by its place. */
function visited(forEach: ForEach, a: Matrix, b: Matrix, options?: PairOptions): Map<string, number> {
  const pairs = new Map<string, number>();
  const visit = ({ firstRow, rows, firstColumn, columns, values }: Block) => {
    for (let at = 0; at < rows * columns; at++) {
      const place = `${firstRow + Math.floor(at / columns)},${firstColumn + (at % columns)}`;
      expect(pairs.has(place)).toBe(false);
      pairs.set(place, values[at] ?? Number.NaN);
    }
  };
  forEach(a, b, visit, options);
  return pairs;
}

describe.each([
  ['products', forEachProduct, (x: number, y: number) => x * y],
  ['squared distances', forEachDistance, (x: number, y: number) => (x - y) ** 2],
] as const)('%s', (_, forEach, term) => {
  test.each([
    [1, 1, 1],
    [3, 5, 2],
    [33, 70, 3],
    [64, 31, 7],
  ])('of %i and %i rows are each visited once', (n, m, columns) => {
    const [a, b] = [cloud(n, columns, 1), cloud(m, columns, 2)];
    const pairs = visited(forEach, a, b);
    expect(pairs.size).toBe(n * m);
    for (const [place, found] of pairs) {
      const [i = 0, j = 0] = place.split(',').map(Number);
      expect(found).toBeCloseTo(sum(a, b, i, j, term), 12);
    }
  });

  test('above the diagonal are visited once', () => {
    const a = cloud(70, 3, 1);
    const pairs = visited(forEach, a, a, { upper: true });
    for (let i = 0; i < a.rows; i++) {
      for (let j = i; j < a.rows; j++) expect(pairs.get(`${i},${j}`)).toBeCloseTo(sum(a, a, i, j, term), 12);
    }
  });
});

test('the distance of equal rows is 0 to the last bit', () => {
  fc.assert(
    fc.property(anyCloud(5), (a) => {
      const pairs = visited(forEachDistance, a, a);
      for (let i = 0; i < a.rows; i++) expect(pairs.get(`${i},${i}`)).toBe(0);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('a product of matrices has its rows in order', () => {
  const [a, b] = [cloud(70, 4, 1), cloud(3, 4, 2)];
  const product = productOf(a, b);
  expect([product.rows, product.columns]).toEqual([70, 3]);
  expect(value(product, 69, 2)).toBeCloseTo(
    sum(a, b, 69, 2, (x, y) => x * y),
    12,
  );
});
