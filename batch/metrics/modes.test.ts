/** Modes that are hit, and how evenly. */
import { expect, test } from 'vitest';
import { countModes } from './modes.ts';

test('modes are counted, and their divergence from the uniform is the sum by hand', () => {
  expect(countModes([0, 1, 2, 3], 4)).toEqual({ modes: 4, divergence: 0 });
  const { modes, divergence } = countModes([7, 7, 7, 1], 10);
  expect(modes).toBe(2);
  expect(divergence).toBeCloseTo(0.75 * Math.log(7.5) + 0.25 * Math.log(2.5), 12);
  expect(countModes([5, 5], 1000).divergence).toBeCloseTo(Math.log(1000), 12);
});

test('a perfect sampler of 1000 modes has the divergence that its number of samples leaves', () => {
  const labels = Array.from({ length: 26_000 }, (_, n) => Math.imul(n + 1, 0x9e3779b1) >>> 0).map(
    (n) => (n ^ (n >>> 15)) % 1000,
  );
  expect(countModes(labels, 1000).divergence).toBeLessThan(0.03);
  expect(countModes(labels, 1000).modes).toBe(1000);
});
