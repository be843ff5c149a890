/** Balls around samples by hand, and what must be true of any samples. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, matrixOf, takeRows } from './matrix.ts';
import { neighbourhoods } from './neighbourhoods.ts';
import { anyCloud, cloud } from './testing/clouds.ts';

const line = (...values: number[]) => matrixOf(values.map((value) => [value]));

describe('neighbourhoods', () => {
  test('on a line are those by hand', () => {
    // Reaches to the nearest other: reals 1, 1, 7; fakes 0.5, 0.5, 88.
    const found = neighbourhoods(line(0, 1, 8), line(1.5, 2, 90), 1);
    expect(found).toEqual({
      precision: 2 / 3, // 1.5 is within 1 of the real at 1, and 2 on its edge
      recall: 2 / 3, // 1 is on the edge of the ball of 1.5, 8 within 88 of 90
      density: 3 / 3, // 1.5 within the ball of 1, 1.5 and 2 within that of 8
      coverage: 2 / 3,
    });
  });

  test('of a cloud and itself are all 1, but density, which is what its own balls hold', () => {
    fc.assert(
      fc.property(anyCloud(3, { rows: { min: 5, max: 40 } }), fc.integer({ min: 1, max: 4 }), (x, k) => {
        expect(neighbourhoods(x, x, k)).toMatchObject({ precision: 1, recall: 1 });
      }),
      { seed: 1, numRuns: 100 },
    );
    const { density, coverage } = neighbourhoods(cloud(60, 4, 1), cloud(60, 4, 1), 5);
    expect(coverage).toBe(1);
    expect(density).toBeCloseTo(1, 12); // itself and four nearer than the fifth
  });

  test('do not depend on order, and swap when the clouds do', () => {
    fc.assert(
      fc.property(anyCloud(2, { whole: true }), anyCloud(2, { whole: true }), fc.nat(99), (a, b, seed) => {
        const found = neighbourhoods(a, b, 3);
        expect(neighbourhoods(takeRows(a, choose(a.rows, a.rows, seed, 0)), b, 3)).toEqual(found);
        expect(neighbourhoods(a, takeRows(b, choose(b.rows, b.rows, seed, 1)), 3)).toEqual(found);
        const swapped = neighbourhoods(b, a, 3);
        expect([swapped.precision, swapped.recall]).toEqual([found.recall, found.precision]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('see quality and coverage apart', () => {
    const real = cloud(400, 2, 1);
    const dropped = neighbourhoods(real, cloud(400, 2, 2, { deviation: 0.2 }), 3);
    const spread = neighbourhoods(real, cloud(400, 2, 2, { deviation: 4 }), 3);
    expect(dropped.precision).toBeGreaterThan(0.95);
    expect(dropped.recall).toBeLessThan(0.4);
    expect(spread.precision).toBeLessThan(0.5);
    expect(spread.recall).toBeGreaterThan(0.8);
    expect(dropped.coverage).toBeLessThan(0.6);
    expect(neighbourhoods(real, cloud(400, 2, 3, { mean: 50 }), 3)).toEqual({
      ...{ precision: 0, recall: 0, density: 0, coverage: 0 },
    });
  });
});
