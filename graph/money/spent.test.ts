import { describe, expect, it } from 'vitest';
import type { EventOf, JournalEvent } from '../run/events.ts';
import { fold, initialState } from '../run/fold.ts';
import { reason } from '../run/reasons.ts';
import type { RunState } from '../run/state.ts';
import { computedSeconds, spentOf, usdPerHourOf } from './spent.ts';

/** A second at this price costs a cent. */
const PRICE = { usdPerHour: 36, pricedAt: '2026-01-01' };
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const launch = (
  number: number,
  second: number,
  price: EventOf<'LAUNCH_REQUESTED'>['price'] | null = PRICE,
): JournalEvent => ({
  ...{ type: 'LAUNCH_REQUESTED', at: at(second), launch: number, cause: 'CREATE' },
  ...(price && { price }),
});
const begin = (attempt: number, second: number, more: Partial<EventOf<'ATTEMPT_STARTED'>> = {}): JournalEvent => ({
  ...{ type: 'ATTEMPT_STARTED', at: at(second), attempt, launch: 1, jobId: 'job-1', cause: 'RETRY' },
  ...{ resumedFromStep: null, trainerVersion: '0', host: null, device: null, exact: true, differs: [] },
  container: attempt,
  ...more,
});
const train = (attempt: number, second: number): JournalEvent => ({
  ...{ type: 'TRAINING_STARTED', at: at(second), attempt, step: 0 },
});
const beat = (attempt: number, second: number): JournalEvent => ({
  ...{ type: 'HEARTBEAT', at: at(second), attempt, step: 1 },
});
const finish = (attempt: number, second: number): JournalEvent => ({
  ...{ type: 'ATTEMPT_ENDED', at: at(second), attempt, outcome: 'RETRY', exitCode: 75, reason: reason('HOST_LOST') },
});
type Span = readonly [from: number | null, to: number | null];
const job = (status: 'RUNNABLE' | 'RUNNING' | 'FAILED', second: number, ...spans: readonly Span[]): JournalEvent => ({
  ...{ type: 'JOB_STATE', at: at(second), launch: 1, jobId: 'job-1', status },
  attempts: status === 'RUNNING' ? spans.length - 1 : spans.length,
  containers: spans.map(([from, to]) => ({
    startedAt: from === null ? null : at(from),
    stoppedAt: to === null ? null : at(to),
  })),
});
const folded = (...events: readonly JournalEvent[]): RunState =>
  events.reduce((state, event, index) => fold(state, event, { position: index + 1, index: 0 }), initialState());
/** Seconds in all, and by attempt. */
const seconds = (state: RunState, now?: number): readonly [number, number[]] => {
  const spent = spentOf(state, now === undefined ? undefined : new Date(at(now)));
  expect(spent.usd).toBeCloseTo(spent.seconds / 100, 9);
  return [spent.seconds, [...spent.attempts.values()].map((usage) => usage.seconds)];
};

describe('what a run has spent', () => {
  it.each<[string, JournalEvent[], number, number[]]>([
    ['is nothing while it waits', [launch(1, 0)], 0, []],
    ['lasts until its last word', [launch(1, 0), begin(1, 10), beat(1, 40)], 30, [30]],
    ['ends with the last word of the attempt', [launch(1, 0), begin(1, 10), beat(1, 40), finish(1, 50)], 40, [40]],
    [
      'ends where a vanished one fell silent, not where that was noticed',
      [launch(1, 0), begin(1, 10), beat(1, 40), job('RUNNABLE', 900, [null, null])],
      30,
      [30],
    ],
    [
      'is by the clock of the queue where that tells',
      [launch(1, 0), begin(1, 10), beat(1, 40), job('RUNNABLE', 60, [4, 50])],
      46,
      [46],
    ],
    [
      'has the container in it that went before it began an attempt',
      [launch(1, 0), job('RUNNABLE', 60, [4, 24]), begin(2, 70), beat(2, 80)],
      30,
      [10],
    ],
    [
      'has nothing in it of a container that never started',
      [launch(1, 0), job('RUNNABLE', 60, [null, 50]), begin(2, 70), beat(2, 80)],
      10,
      [10],
    ],
    [
      'splits a container between the attempts in it',
      [
        ...[launch(1, 0), begin(1, 10), beat(1, 30), begin(2, 30, { cause: 'GUARD', container: 1 }), beat(2, 40)],
        job('FAILED', 60, [5, 45]),
      ],
      40,
      [25, 15],
    ],
    [
      'counts a twin of its job by its own word',
      [launch(1, 0), begin(1, 10, { jobId: 'twin', container: 1 }), beat(1, 20), job('FAILED', 60, [0, 50])],
      10,
      [10],
    ],
  ])('%s', (_, events, whole, parts) => {
    expect(seconds(folded(...events))).toEqual([whole, parts]);
  });

  it('goes on to the present for who asks with the time, and only for what has not ended', () => {
    const running = folded(launch(1, 0), begin(1, 10), beat(1, 40));
    expect(seconds(running, 100)).toEqual([90, [90]]);
    expect(seconds(folded(launch(1, 0), begin(1, 10), finish(1, 50)), 100)).toEqual([40, [40]]);
    expect(seconds(folded(launch(1, 0), job('RUNNING', 6, [4, null])), 100)).toEqual([96, []]);
    expect(seconds(folded(launch(1, 0), job('RUNNING', 6, [4, null])))).toEqual([0, []]);
  });

  it('is what each launch cost when it was requested', () => {
    const events = [launch(1, 0), begin(1, 10), finish(1, 20), launch(2, 30, { ...PRICE, usdPerHour: 360 })];
    const state = folded(...events, begin(2, 40, { launch: 2, jobId: 'job-2', container: 1 }), finish(2, 50));
    expect([...spentOf(state).attempts.values()].map(({ usd }) => usd)).toEqual([0.1, 1]);
    expect(spentOf(state)).toMatchObject({ seconds: 20, usd: 1.1 });
  });

  it('adds up over three spot losses, whoever told of them', () => {
    const state = folded(
      launch(1, 0),
      // The first says so itself, and the queue confirms it.
      ...[begin(1, 10), train(1, 20), beat(1, 100), finish(1, 110), job('RUNNABLE', 130, [5, 115])],
      // Of the second only the queue tells.
      ...[begin(2, 210), train(2, 220), beat(2, 300), job('RUNNABLE', 400, [5, 115], [205, 320])],
      // Of the third nobody does; the fourth begins.
      ...[begin(3, 510), train(3, 520), beat(3, 600), begin(4, 900), train(4, 910), beat(4, 950)],
    );
    expect(seconds(state)).toEqual([110 + 115 + 90 + 50, [110, 115, 90, 50]]);
    expect(computedSeconds(state)).toBe(90 + 80 + 80 + 40);
    expect(computedSeconds(state, new Date(at(1000)))).toBe(90 + 80 + 80 + 90);
  });

  it('costs nothing without a price', () => {
    const state = folded(launch(1, 0, null), begin(1, 10), finish(1, 20));
    expect(spentOf(state)).toMatchObject({ seconds: 10, usd: 0 });
  });
});

it('has a price an hour only while something runs', () => {
  const running = [launch(1, 0), begin(1, 10), train(1, 20)];
  expect(usdPerHourOf(folded(launch(1, 0)))).toBeNull();
  expect(usdPerHourOf(folded(...running))).toBe(36);
  expect(
    usdPerHourOf(folded(...running, { type: 'RUN_ENDED', at: at(30), phase: 'STOPPED', reason: null })),
  ).toBeNull();
});
