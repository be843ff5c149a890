/** Moving averages of weights against their recurrence in float64. */
import { describe, expect, test } from 'vitest';
import {
  cast,
  createGraph,
  current,
  feed,
  finish,
  greaterEqual,
  read,
  scalarLike,
  signature,
  state,
  update,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import type { Session } from '../engine/session.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { averageDecay, averaged, averageWeights, followWeights } from './average.ts';
import { scalarVector } from './scalars.ts';

describe('β', () => {
  const options = { halfLifeKimg: 10, rampUp: 0.05 };

  test('is 0 at the first update, so that the average begins as a copy', () => {
    expect(averageDecay(options, 32, 0)).toBe(0);
  });

  test('halves the weight of the past after a share of the images shown, at most after the half-life', () => {
    expect(averageDecay(options, 32, 6400)).toBeCloseTo(0.5 ** (32 / 320), 15);
    expect(averageDecay(options, 32, 200_000)).toBe(averageDecay(options, 32, 1e9));
    const past = Array.from({ length: 10_000 / 32 }, () => averageDecay(options, 32, 1e9));
    expect(past.reduce((product, beta) => product * beta, 1)).toBeCloseTo(0.5 ** (312 * 32 * 1e-4), 12);
  });

  test('does not ramp up where it must not', () => {
    expect(averageDecay({ halfLifeKimg: 10, rampUp: Number.POSITIVE_INFINITY }, 64, 64)).toBe(0.5 ** (64 / 10_000));
  });
});

const SIZE = 5;
const scalars = scalarVector(['beta', 'finite']);

/** A weight that becomes what is fed. */
function program() {
  const graph = createGraph();
  const weight = state(graph, 'net/weight', [SIZE], { init: { kind: 'normal', deviation: 1 } });
  const averages = averageWeights([weight]);
  signature(graph, 'step', () => {
    const scalar = scalars.feed(graph);
    const next = update(current(weight), feed(graph, 'next', 'float32', [SIZE]));
    const finite = greaterEqual(scalar('finite'), scalarLike(scalar('finite'), 1));
    followWeights(averages, new Map([[weight, next]]), scalar('beta'), finite);
    return { finite: cast(finite, 'float32') };
  });
  signature(graph, 'sample', () => ({ raw: read(weight), average: averaged(averages, read)(weight) }));
  initialise(graph, 3);
  return finish(graph);
}

const step = (session: Session, next: Float32Array, beta: number, finite = 1) =>
  session.call('step', {
    next: { dtype: 'float32', shape: [SIZE], data: next },
    schedule: scalars.value({ beta, finite }),
  });

test('begin as their weights do, follow them, and are what samples are drawn with', () => {
  using(open(program()), (session) => {
    session.call('init');
    const initial = session.call('sample');
    expect(initial.average).toEqual(initial.raw);
    expect(initial.raw?.data.some((value) => value !== 0)).toBe(true);
    const expected = Float64Array.from(initial.raw?.data ?? []);
    [0.9, 0.5, 0.99].forEach((beta, index) => {
      const next = samples(SIZE, index);
      step(session, next, beta);
      next.forEach((value, at) => {
        expected[at] = beta * (expected[at] ?? 0) + (1 - beta) * value;
      });
    });
    const { raw, average } = session.call('sample');
    expect(raw?.data).toEqual(samples(SIZE, 2));
    expect([...session.read().keys()]).toEqual(['net/weight', 'ema/net/weight']);
    average?.data.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 6);
    });
  });
});

test('with β 0 are a copy, bit for bit', () => {
  using(open(program()), (session) => {
    session.call('init');
    step(session, samples(SIZE, 7), 0);
    expect(session.call('sample').average?.data).toEqual(samples(SIZE, 7));
  });
});

test('stay bit for bit where a step was not finite', () => {
  using(open(program()), (session) => {
    session.call('init');
    step(session, samples(SIZE, 1), 0.5);
    const before = session.read(['ema/net/weight']);
    step(session, new Float32Array(SIZE).fill(Number.NaN), 0.5, 0);
    expect(session.read(['ema/net/weight'])).toEqual(before);
  });
});
