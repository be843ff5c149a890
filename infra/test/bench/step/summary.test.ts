/** Rows follow from rounds, and verdicts from rows. */
import { expect, test } from 'vitest';
import type { TensorValue } from '../../../../batch/engine/session.ts';
import type { Timing } from '../../peers/contender.ts';
import { disagreement } from './agreement.ts';
import { judgeRows, summarise } from './summary.ts';
import { WORKLOADS } from './workloads.ts';

const [workload] = WORKLOADS;
if (!workload) throw new Error('no workload');
const timing = (ms: number, peakRssMb: number): Timing => ({
  times: [ms, ms * 0.9, ms * 7],
  peakRssMb,
  ownMb: peakRssMb / 2,
});

test('ratios are within rounds: a slow minute slows both sides', () => {
  const slowness = [1, 1, 5, 1, 1];
  const rounds = slowness.map(
    (slow, n) =>
      new Map([
        ['ganway', timing(50 * slow, 400 + n)],
        ['torch-eager', timing((70 + n) * slow, 700)],
      ] as const),
  );
  const [own, base] = summarise(workload, ['ganway', 'torch-eager'], rounds, 'torch-eager');
  expect(own).toEqual({
    contender: 'ganway',
    p50Ms: 50,
    imagesPerSecond: 1280,
    peakRssMb: 404,
    ownMb: 202,
    ratio: 1.44,
    low: 1.4,
    high: 1.48,
  });
  expect(base).toMatchObject({ p50Ms: 73, ratio: 1, low: 1, high: 1 });
});

test('a verdict takes the lower end, the fastest peer and the memory', () => {
  const row = { p50Ms: 1, imagesPerSecond: 1, ownMb: 1, high: 2 };
  const rows = [
    { ...row, contender: 'ganway', peakRssMb: 600, ratio: 1.4, low: 1.29 },
    { ...row, contender: 'torch-eager', peakRssMb: 700, ratio: 1, low: 1 },
    { ...row, contender: 'tensorflow-function', peakRssMb: 500, ratio: 1.39, low: 1.3 },
  ];
  expect(judgeRows(rows, 'torch-eager', 1.3, 0.85).map(({ reached, ok }) => [reached, ok])).toEqual([
    ['1.29', false],
    ['0.86', false],
    ['1.40', true],
  ]);
});

test('movements are compared by their own size, and what is missing or not a number never agrees', () => {
  const weight = (data: readonly number[]): TensorValue => ({
    dtype: 'float32',
    shape: [data.length],
    data: Float32Array.from(data),
  });
  const state = (...data: number[]) => new Map([['w', weight(data)]]);
  const after = (first: number) =>
    new Map([
      ['w', weight([first])],
      ['x', weight([2])],
    ]);
  expect(disagreement(state(1, 1), state(1.3, 1.4), state(1.3, 1.4)).share).toBe(0);
  expect(disagreement(state(1, 1), state(4, 5), state(4, 4.5))).toEqual({ name: 'w', share: 0.1 });
  expect(disagreement(state(1, 1), state(4, 5), state(4, Number.NaN)).share).toBeNaN();
  // Not even where a later weight agrees.
  expect(disagreement(after(1), after(4), after(Number.NaN)).share).toBeNaN();
  expect(disagreement(state(1, 1), state(4, 5), new Map()).share).toBe(Number.POSITIVE_INFINITY);
});
