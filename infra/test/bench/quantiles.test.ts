import { describe, expect, it } from 'vitest';
import { median, medianInterval, quantile } from './quantiles.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);

describe('a quantile', () => {
  it('is one of the values, in whatever order they came', () => {
    expect([0, 0.5, 0.95, 1].map((p) => quantile(upTo(20), p))).toEqual([1, 10, 19, 20]);
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
  });
});

describe('a median', () => {
  it('lies in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe('the interval of a median', () => {
  it('is the narrowest that reaches the level', () => {
    // Coverage by the binomial table: n = 10 has 1002/1024 from the second, 912/1024 from the third value on.
    expect(medianInterval(upTo(10))).toEqual({ low: 2, high: 9, coverage: 1002 / 1024 });
    expect(medianInterval(upTo(10), 0.89)).toEqual({ low: 3, high: 8, coverage: 912 / 1024 });
    expect(medianInterval(upTo(5))).toEqual({ low: 1, high: 5, coverage: 30 / 32 });
  });

  it('is everything, and says how little that is, where values are too few', () => {
    expect(medianInterval([7, 5, 6])).toEqual({ low: 5, high: 7, coverage: 0.75 });
    expect(medianInterval([5])).toEqual({ low: 5, high: 5, coverage: 0 });
  });
});
