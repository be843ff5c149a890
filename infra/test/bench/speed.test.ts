import { describe, expect, it } from 'vitest';
import { rowsOf, speedBetween, speedInTurns } from './speed.ts';

const row = (step: number, imagesPerSecond: number) => ({ step, at: 100 * step, imagesPerSecond, memory: 0 });

describe('the speed between two steps', () => {
  it('is all images over all the time, not the mean of the rates', () => {
    // 10 steps of 32 images in 1 s, then 10 in 3 s.
    expect(speedBetween([row(10, 320), row(20, 320 / 3)], 32, 0, 20)).toBeCloseTo(160);
  });

  it('leaves out what was before and comes after', () => {
    const rows = [row(10, 1), row(20, 64), row(30, 64), row(40, 1)];
    expect(speedBetween(rows, 32, 10, 30)).toBeCloseTo(64);
    expect(() => speedBetween(rows, 32, 40, 90)).toThrow('No row');
  });
});

describe('the speed in turns', () => {
  const rows = [row(10, 1), row(20, 1), row(30, 1)];

  it('counts the time in which the trainer ran', () => {
    // 20 steps of 32 images in 0.5 s and 0.3 s of running, within 2 s.
    const turns = [
      { from: 0, to: 1500 },
      { from: 2700, to: 3500 },
    ];
    expect(speedInTurns(rows, turns, 32, 10, 30)).toBeCloseTo(640 / 0.8);
  });

  it('is of steps that have rows', () => {
    expect(() => speedInTurns(rows, [], 32, 10, 25)).toThrow('No row falls on step 25');
  });
});

describe('the rows of a run', () => {
  it('are what its metrics say, in order', () => {
    const common = { cursor: '', at: '2026-11-23T00:00:00.250Z', attemptNumber: 1 };
    const value = (name: string, value: number) => ({ name, value, nonFinite: null });
    const events = [
      { ...common, __typename: 'PhaseChanged', phase: 'RUNNING' },
      {
        ...common,
        __typename: 'MetricsLogged',
        step: 5,
        values: [value('rate/images_per_second', 7), value('rate/memory_mb', 9)],
      },
    ];
    expect(rowsOf(events)).toEqual([
      { step: 5, at: Date.UTC(2026, 10, 23, 0, 0, 0, 250), imagesPerSecond: 7, memory: 9 },
    ]);
  });
});
