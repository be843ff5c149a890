import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketize, bucketWidth } from './buckets.ts';

describe('the width of a bucket', () => {
  it('is one step as long as every step has a bucket', () => {
    expect(bucketWidth(0, 499, 500)).toBe(1);
    expect(bucketWidth(0, 500, 500)).toBe(2);
    expect(bucketWidth(7, 7, 1)).toBe(1);
  });

  it('counts the buckets that the range touches, not those that would fit its length', () => {
    // Steps 3 and 4 lie in two buckets of any width up to 4, and in one of 8.
    expect(bucketWidth(3, 4, 1)).toBe(8);
  });

  it('is the smallest power of two that fits, whatever the range', () => {
    const range = fc.record({ from: fc.nat(1e9), length: fc.nat(1e9), buckets: fc.integer({ min: 1, max: 2000 }) });
    fc.assert(
      fc.property(range, ({ from, length, buckets }) => {
        const to = from + length;
        const width = bucketWidth(from, to, buckets);
        const needed = (size: number): number => Math.floor(to / size) - Math.floor(from / size) + 1;
        expect(Number.isInteger(Math.log2(width))).toBe(true);
        expect(needed(width)).toBeLessThanOrEqual(buckets);
        if (width > 1) expect(needed(width / 2)).toBeGreaterThan(buckets);
      }),
    );
  });
});

describe('buckets', () => {
  it('hold exact extremes, mean, last and count, at multiples of their width', () => {
    const points = [
      { step: 0, value: 4 },
      { step: 1, value: -2 },
      { step: 3, value: 7 },
      { step: 8, value: 1 },
    ];
    expect(bucketize(points, 4)).toEqual([
      { start: 0, width: 4, step: 3, last: 7, min: -2, max: 7, mean: 3, count: 3, nonFinite: 0 },
      { start: 8, width: 4, step: 8, last: 1, min: 1, max: 1, mean: 1, count: 1, nonFinite: 0 },
    ]);
  });

  it('count what is not finite and leave it out of every statistic', () => {
    const points = [
      { step: 0, value: 2 },
      { step: 1, value: 'NaN' },
      { step: 2, value: 'Infinity' },
      { step: 5, value: '-Infinity' },
    ] as const;
    expect(bucketize(points, 4)).toEqual([
      { start: 0, width: 4, step: 0, last: 2, min: 2, max: 2, mean: 2, count: 1, nonFinite: 2 },
      { start: 4, width: 4, step: 5, last: null, min: null, max: null, mean: null, count: 0, nonFinite: 1 },
    ]);
  });

  it('have a finite mean between their extremes however large or small the values are', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
        const [bucket] = bucketize(
          values.map((v, index) => ({ step: index, value: v })),
          64,
        );
        expect(bucket?.min).toBe(Math.min(...values));
        expect(bucket?.max).toBe(Math.max(...values));
        expect(bucket?.mean).toBeGreaterThanOrEqual(bucket?.min ?? Number.NaN);
        expect(bucket?.mean).toBeLessThanOrEqual(bucket?.max ?? Number.NaN);
      }),
    );
  });

  it('of double width are the unions of their halves', () => {
    const series = fc.uniqueArray(fc.nat(500), { minLength: 1 });
    fc.assert(
      fc.property(series, (steps) => {
        const points = steps.sort((a, b) => a - b).map((step) => ({ step, value: Math.sin(step) }));
        const halves = bucketize(points, 8);
        for (const whole of bucketize(points, 16)) {
          const parts = halves.filter(({ start }) => start >= whole.start && start < whole.start + 16);
          expect(whole.count).toBe(parts.reduce((sum, { count }) => sum + count, 0));
          expect(whole.min).toBe(Math.min(...parts.map(({ min }) => min ?? Number.POSITIVE_INFINITY)));
          expect(whole.last).toBe(parts.at(-1)?.last);
        }
      }),
    );
  });
});
