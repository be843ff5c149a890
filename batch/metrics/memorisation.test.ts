/** Copies are seen, new samples are not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, type Matrix, takeRows } from './matrix.ts';
import { mannWhitneyZ, memorisation } from './memorisation.ts';
import { cloud } from './testing/clouds.ts';

const [train, heldOut] = [cloud(300, 8, 1), cloud(300, 8, 2)];

describe('memorisation', () => {
  test('flags a generator that replays training images, some of them, or nearly', () => {
    const replay = memorisation(train, heldOut, takeRows(train, choose(300, 200, 1, 0)));
    expect(replay).toMatchObject({ ratio: 0, shareBelowPercentile: 1 });
    expect(replay.z).toBeLessThan(-15);
    const noisy: Matrix = { ...train, values: train.values.map((value, at) => value + 0.05 * Math.sin(at)) };
    expect(memorisation(train, heldOut, noisy).z).toBeLessThan(-15);
    const half = takeRows({ ...train, rows: 600, values: Float64Array.of(...train.values, ...heldOut.values) }, [
      ...Array.from({ length: 100 }, (_, n) => n),
      ...Array.from({ length: 100 }, (_, n) => 300 + n),
    ]);
    const found = memorisation(train, cloud(300, 8, 5), half);
    expect(found.z).toBeLessThan(-3);
    expect(found.shareBelowPercentile).toBeCloseTo(0.5, 1);
  });

  test('is silent on new samples, against held-out ones and against the training set itself', () => {
    for (const reference of [heldOut, null]) {
      for (const seed of [11, 12, 13]) {
        const { ratio, z, shareBelowPercentile } = memorisation(train, reference, cloud(300, 8, seed));
        expect(Math.abs(z)).toBeLessThan(3);
        expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
        expect(shareBelowPercentile).toBeLessThan(0.05);
      }
    }
  });

  test('sees copies by leaving one out, too', () => {
    const { z, ratio } = memorisation(train, null, takeRows(train, choose(300, 200, 1, 0)));
    expect(z).toBeLessThan(-15);
    expect(ratio).toBe(0);
  });

  test('says that samples far from everything are no copies', () => {
    expect(memorisation(train, heldOut, cloud(300, 8, 3, { deviation: 2 })).z).toBeGreaterThan(3);
  });
});

describe("Mann and Whitney's Z", () => {
  const ascending = fc
    .array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 9 })
    .map((values) => Float64Array.from(values).sort());

  test('counts pairs, with half of each tie and the variance that ties leave', () => {
    fc.assert(
      fc.property(ascending, ascending, (a, b) => {
        let u = 0;
        for (const x of a) for (const y of b) u += x > y ? 1 : x === y ? 0.5 : 0;
        const [n, m, total] = [a.length, b.length, a.length + b.length];
        const counts = new Map<number, number>();
        for (const value of [...a, ...b]) counts.set(value, (counts.get(value) ?? 0) + 1);
        const ties = [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
        const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
        const expected = variance > 0 ? (u - (n * m) / 2) / Math.sqrt(variance) : 0;
        expect(mannWhitneyZ(a, b)).toBeCloseTo(expected, 9);
        expect(mannWhitneyZ(b, a)).toBeCloseTo(-expected, 9);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
