/** Kernel, Monge's and sliced distances against sums by hand, and what must not change them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelDistance } from './kernel-distance.ts';
import { choose, matrixOf, takeRows } from './matrix.ts';
import { mongeDistance } from './monge.ts';
import { slicedTransport, transport, unitDirections } from './sliced.ts';
import { anyCloud, cloud } from './testing/clouds.ts';

describe('the kernel distance', () => {
  test('of two and two numbers is the sum by hand', () => {
    const kernel = (x: number, y: number) => (x * y + 1) ** 3;
    const expected = kernel(0, 1) + kernel(2, 3) - (kernel(0, 2) + kernel(0, 3) + kernel(1, 2) + kernel(1, 3)) / 2;
    const { value, deviation, subsetSize } = kernelDistance(matrixOf([[0], [1]]), matrixOf([[2], [3]]), { seed: 0 });
    expect(value).toBeCloseTo(expected, 12);
    expect([deviation, subsetSize]).toEqual([0, 2]);
  });

  test('of all samples does not depend on their order', () => {
    fc.assert(
      fc.property(anyCloud(3, { rows: { min: 12, max: 12 } }), anyCloud(3, { rows: { min: 12, max: 12 } }), (a, b) => {
        const distance = kernelDistance(a, b, { seed: 0 }).value;
        const mixed = kernelDistance(takeRows(a, choose(12, 12, 5, 0)), b, { seed: 1 }).value;
        expect(Math.abs(mixed - distance)).toBeLessThan(1e-9 * (1 + Math.abs(distance)));
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('of subsets is unbiased: about 0 for samples of one kind', () => {
    const [a, b] = [cloud(600, 6, 1), cloud(600, 6, 2)];
    const { value, deviation, subsetSize } = kernelDistance(a, b, { subsets: 40, subsetSize: 100, seed: 0 });
    expect(subsetSize).toBe(100);
    expect(Math.abs(value)).toBeLessThan(4 * (deviation / Math.sqrt(6)));
    const far = kernelDistance(a, cloud(600, 6, 2, { mean: 1 }), { subsets: 40, subsetSize: 100, seed: 0 });
    expect(far.value).toBeGreaterThan(5 * far.deviation);
  });

  test('is the same for the same seed, and another for another', () => {
    const [a, b] = [cloud(50, 4, 1), cloud(40, 4, 2)];
    const of = (seed: number) => kernelDistance(a, b, { subsets: 5, subsetSize: 10, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1).value).not.toBe(of(2).value);
  });
});

describe('transport on a line', () => {
  const line = (...values: number[]) => Float64Array.from(values);

  test('moves rank to rank, and quantile to quantile where the numbers differ', () => {
    expect(transport(line(0, 1, 5), line(1, 1, 2), 1)).toBeCloseTo((1 + 0 + 3) / 3, 12);
    expect(transport(line(0, 1, 5), line(1, 1, 2), 2)).toBeCloseTo((1 + 0 + 9) / 3, 12);
    // A half of each end: |0-0|·½ + |0-3|·0 … the middle of three splits over the two.
    expect(transport(line(0, 3), line(0, 1, 2), 1)).toBeCloseTo((0 * 2 + 1 * 1 + 2 * 1 + 1 * 2) / 6, 12);
  });

  test('is that of repeated values, whatever the numbers', () => {
    const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const sorted = (values: number[], times: number) =>
          Float64Array.from(values.flatMap((value) => new Array(times).fill(value))).sort();
        const repeated = transport(sorted(a, b.length), sorted(b, a.length), 2);
        expect(transport(sorted(a, 1), sorted(b, 1), 2)).toBeCloseTo(repeated, 9);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('distances along directions', () => {
  test('have unit directions that point everywhere', () => {
    const { rows, columns, values } = unitDirections(400, 3, 1);
    const mean = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      const direction = values.subarray(row * columns, (row + 1) * columns);
      expect(direction.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 12);
      direction.forEach((value, i) => {
        mean[i] = (mean[i] ?? 0) + value / rows;
      });
    }
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(4 / Math.sqrt(3 * rows));
  });

  test('are 0 for the same samples in any order, and symmetric', () => {
    const [a, b] = [cloud(40, 5, 1), cloud(30, 5, 2)];
    const options = { directions: 100, power: 1, seed: 1 } as const;
    expect(slicedTransport(a, takeRows(a, choose(40, 40, 1, 0)), options)).toBe(0);
    expect(mongeDistance(a, a, 1)).toBe(0);
    expect(slicedTransport(a, b, options)).toBeCloseTo(slicedTransport(b, a, options), 12);
  });

  test('of a shifted copy are those of the shift', () => {
    const d = 6;
    const a = cloud(50, d, 1);
    const b = { ...a, values: a.values.map((value, at) => value + (at % d === 2 ? 0.7 : 0)) };
    // Along a unit direction u the copy is 0.7 u₂ away, and u₂² is 1/d in the mean: 3d · 0.49 / d.
    expect(mongeDistance(a, b, 1)).toBeGreaterThan(3 * 0.49 * 0.85);
    expect(mongeDistance(a, b, 1)).toBeLessThan(3 * 0.49 * 1.15);
    const one = { directions: 7, power: 1, seed: 0 } as const;
    expect(slicedTransport(matrixOf([[0], [1]]), matrixOf([[0.25], [1.25]]), one)).toBeCloseTo(0.25, 12);
  });
});
