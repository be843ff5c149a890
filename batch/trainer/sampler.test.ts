import { describe, expect, it } from 'vitest';
import { createSampler } from './sampler.ts';

const epochOf = (seed: number, images: number, epoch: number): number[] => {
  const sampler = createSampler(seed, images);
  return Array.from({ length: images }, (_, i) => sampler.at(epoch * images + i));
};

describe('sampler', () => {
  it.each([1, 2, 7, 64, 1000])('shows each of %i images exactly once an epoch', (images) => {
    for (const epoch of [0, 1, 5]) {
      expect(epochOf(3, images, epoch).toSorted((x, y) => x - y)).toEqual(Array.from({ length: images }, (_, i) => i));
    }
  });

  it('goes on from any image as if it had shown all before', () => {
    const whole = createSampler(11, 10).batch(0, 95);
    for (const n of [0, 3, 9, 10, 37, 60]) {
      expect(createSampler(11, 10).batch(n, 35)).toEqual(whole.slice(n, n + 35));
    }
  });

  it('answers the same when asked out of order', () => {
    const sampler = createSampler(5, 16);
    const forward = Array.from({ length: 64 }, (_, n) => sampler.at(n));
    const backward = Array.from({ length: 64 }, (_, n) => sampler.at(63 - n)).reverse();
    expect(backward).toEqual(forward);
  });

  it('orders every epoch and every seed differently', () => {
    const orders = [epochOf(1, 100, 0), epochOf(1, 100, 1), epochOf(2, 100, 0)].map(String);
    expect(new Set(orders).size).toBe(3);
  });

  it('puts each image at each place about equally often', () => {
    const images = 8;
    const sampler = createSampler(0, images);
    const seen = Array.from({ length: images * images }, () => 0);
    const epochs = 4000;
    for (let n = 0; n < epochs * images; n++) {
      const cell = (n % images) * images + sampler.at(n);
      seen[cell] = (seen[cell] ?? 0) + 1;
    }
    // Six standard deviations of a binomial count.
    const expected = epochs / images;
    const spread = 6 * Math.sqrt(expected * (1 - 1 / images));
    for (const count of seen) expect(Math.abs(count - expected)).toBeLessThan(spread);
  });
});
