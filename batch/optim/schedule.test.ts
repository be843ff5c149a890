/** Schedules at points where their values are known. */
import { expect, test } from 'vitest';
import { type Schedule, valueAt } from './schedule.ts';

const along = (schedule: Schedule) => (progress: number) => valueAt(schedule, progress);

test('a constant is one', () => {
  expect([-1, 0, 0.5, 2].map(along({ kind: 'CONSTANT', value: 3e-4 }))).toEqual([3e-4, 3e-4, 3e-4, 3e-4]);
});

test('a cosine is half way in the middle, a quarter of the wave at a third, and level outside of 0 and 1', () => {
  const at = along({ kind: 'COSINE', from: 2, to: 0.2 });
  expect([-0.5, 0, 1, 1.5].map(at)).toEqual([2, 2, 0.2, 0.2]);
  expect(at(0.5)).toBeCloseTo(1.1, 15);
  expect(at(1 / 3)).toBeCloseTo(0.2 + 1.8 * 0.75, 15);
  const distances = [0, 0.1, 0.2].map((progress) => 2 - at(progress) - (at(1 - progress) - 0.2));
  for (const distance of distances) expect(distance).toBeCloseTo(0, 15);
});

test('steps hold from their points on', () => {
  const at = along({
    kind: 'STEP',
    from: 1,
    points: [
      { at: 0.5, value: 0.1 },
      { at: 0.75, value: 0.01 },
    ],
  });
  expect([0, 0.4999, 0.5, 0.7499, 0.75, 1].map(at)).toEqual([1, 1, 0.1, 0.1, 0.01, 0.01]);
});
