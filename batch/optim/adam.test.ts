/** Adam against PyTorch's formula in float64, and its gate. */
import { describe, expect, test } from 'vitest';
import {
  createGraph,
  element,
  feed,
  finish,
  multiply,
  type Program,
  read,
  signature,
  square,
  state,
  subtract,
  sum,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import type { Session, TensorValue } from '../engine/session.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { type AdamOptions, adamMoments, adamRates, adamScalars, adamSchedule, descend } from './adam.ts';
import { objective } from './objective.ts';
import { scalarVector } from './scalars.ts';

const SIZE = 64;
const scalars = scalarVector(adamScalars('player'));
const vector = (data: Float32Array): TensorValue => ({ dtype: 'float32', shape: [data.length], data });

/** Minimises `factor · Σ (θ - target)²`. */
function program(): Program {
  const graph = createGraph();
  const theta = state(graph, 'theta', [SIZE], { init: { kind: 'fill', value: 0.25 } });
  const moments = adamMoments([theta]);
  signature(graph, 'step', () => {
    const factor = feed(graph, 'factor', 'float32', [1]);
    const distance = subtract(read(theta), feed(graph, 'target', 'float32', [SIZE]));
    const loss = multiply(sum(square(distance)), element(factor, 0));
    const { gradientNorm } = descend(objective(loss, [theta]), moments, adamRates(scalars.feed(graph), 'player'));
    return { gradientNorm };
  });
  initialise(graph, 0);
  return finish(graph);
}

const target = (t: number) => samples(SIZE, t);
const step = (session: Session, options: AdamOptions, t: number, factor = 0.5) =>
  session.call('step', {
    factor: vector(Float32Array.of(factor)),
    target: vector(target(t)),
    schedule: scalars.value(adamSchedule('player', options, t)),
  });

describe("equals PyTorch's formula in float64", () => {
  test.each<AdamOptions>([
    { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
    { learningRate: 1e-2, beta1: 0.9, beta2: 0.99, epsilon: 1e-1 },
    { learningRate: 1e-3, beta1: 0, beta2: 0.9, epsilon: 1e-3 },
  ])('%j', (options) => {
    using(open(program()), (session) => {
      session.call('init');
      const theta = new Float64Array(SIZE).fill(0.25);
      const [m, v] = [new Float64Array(SIZE), new Float64Array(SIZE)];
      for (let t = 1; t <= 5; t++) {
        const goal = target(t);
        const fetched = step(session, options, t);
        let squares = 0;
        for (let i = 0; i < SIZE; i++) {
          const gradient = (theta[i] ?? 0) - (goal[i] ?? 0);
          squares += gradient ** 2;
          m[i] = options.beta1 * (m[i] ?? 0) + (1 - options.beta1) * gradient;
          v[i] = options.beta2 * (v[i] ?? 0) + (1 - options.beta2) * gradient ** 2;
          const mHat = (m[i] ?? 0) / (1 - options.beta1 ** t);
          const vHat = (v[i] ?? 0) / (1 - options.beta2 ** t);
          theta[i] = (theta[i] ?? 0) - (options.learningRate * mHat) / (Math.sqrt(vHat) + options.epsilon);
        }
        expect(fetched.gradientNorm?.data[0]).toBeCloseTo(Math.sqrt(squares), 4);
        const moved = session.read(['theta']).get('theta')?.data ?? [];
        // float32's 1 - 0.999 is off by 1.3e-5, which is 7e-6 of an update.
        const tolerance = 2e-5 * options.learningRate * t + 6e-8;
        moved.forEach((value, i) => {
          expect(Math.abs(value - (theta[i] ?? 0))).toBeLessThan(tolerance);
        });
      }
    });
  });
});

describe('a step that is not finite', () => {
  const options = { learningRate: 1e-2, beta1: 0.5, beta2: 0.999, epsilon: 0 };

  test.each([
    ['loss NaN', Number.NaN],
    ['loss infinite', Number.POSITIVE_INFINITY],
    // Σ(θ - target)² · 1e37 is finite, and so is each gradient, but not the sum of their squares.
    ['gradient norm infinite', 1e35],
  ])('changes no bit of the state: %s', (_, factor) => {
    using(open(program()), (session) => {
      session.call('init');
      const untouched = session.read();
      step(session, options, 1, factor);
      expect(session.read()).toEqual(untouched);
      step(session, options, 1);
      step(session, options, 2);
      const before = session.read();
      expect(before).not.toEqual(untouched);
      step(session, options, 3, factor);
      expect(session.read()).toEqual(before);
      step(session, options, 3);
      expect(session.read()).not.toEqual(before);
    });
  });
});
