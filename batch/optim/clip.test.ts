/** Clipping against its closed form, alone and together with the gate of an update. */
import { describe, expect, test } from 'vitest';
import {
  add,
  createGraph,
  feed,
  finish,
  multiply,
  read,
  type State,
  signature,
  state,
  sum,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import type { Session, TensorValue } from '../engine/session.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { adamMoments, adamRates, adamScalars, adamSchedule, descend } from './adam.ts';
import { clipToNorm, globalNorm } from './clip.ts';
import { objective } from './objective.ts';
import { scalarVector } from './scalars.ts';

const gradient = { kernel: samples(12, 1, 2), bias: samples(4, 2, 2) };
const norm = Math.hypot(...gradient.kernel, ...gradient.bias);
const scalars = scalarVector([...adamScalars('player'), 'most']);
const options = { learningRate: 1e-2, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 };

/** Weights that move by gradients that are fed: the loss is Σ gradient · weight. */
function program() {
  const graph = createGraph();
  const declare = (name: string, size: number) => state(graph, name, [size], { init: { kind: 'fill', value: 0 } });
  const weights = [declare('kernel', 12), declare('bias', 4)] as const;
  const moments = adamMoments(weights);
  signature(graph, 'step', () => {
    const slope = (weight: State) => sum(multiply(read(weight), feed(graph, weight.name, 'float32', weight.shape)));
    const aim = objective(add(slope(weights[0]), slope(weights[1])), weights);
    const scalar = scalars.feed(graph);
    const clipped = [...clipToNorm(aim.gradients, globalNorm(aim.gradients), scalar('most')).values()];
    const { gradientNorm } = descend(aim, moments, adamRates(scalar, 'player'), { maxNorm: scalar('most') });
    return { kernel: clipped[0] ?? gradientNorm, bias: clipped[1] ?? gradientNorm, gradientNorm };
  });
  initialise(graph, 0);
  return finish(graph);
}

function step(session: Session, most: number, factor = 1) {
  const fed = (values: Float32Array): TensorValue => ({
    dtype: 'float32',
    shape: [values.length],
    data: values.map((value) => value * factor),
  });
  const schedule = scalars.value({ ...adamSchedule('player', options, 1), most });
  return session.call('step', { kernel: fed(gradient.kernel), bias: fed(gradient.bias), schedule });
}

describe('a gradient', () => {
  test('of more than the limit is scaled to it and keeps its direction', () => {
    using(open(program()), (session) => {
      session.call('init');
      const { kernel, bias, gradientNorm } = step(session, 0.5);
      expect(gradientNorm?.data[0]).toBeCloseTo(norm, 5);
      expect(Math.hypot(...(kernel?.data ?? []), ...(bias?.data ?? []))).toBeCloseTo(0.5, 6);
      for (const [name, clipped] of Object.entries({ kernel, bias })) {
        clipped?.data.forEach((value, at) => {
          expect(value).toBeCloseTo((gradient[name as 'kernel'][at] ?? Number.NaN) * (0.5 / norm), 6);
        });
      }
    });
  });

  test('of less keeps every bit', () => {
    using(open(program()), (session) => {
      session.call('init');
      const { kernel, bias } = step(session, norm * 1.001);
      expect([kernel?.data, bias?.data]).toEqual([gradient.kernel, gradient.bias]);
    });
  });

  test('moves its weights as Adam does with what was clipped', () => {
    using(open(program()), (session) => {
      session.call('init');
      step(session, 0.5);
      const moved = session.read(['bias']).get('bias')?.data ?? [];
      // First step of Adam in closed form: m̂ = g, v̂ = g².
      moved.forEach((value, at) => {
        const slope = (gradient.bias[at] ?? Number.NaN) * (0.5 / norm);
        expect(value).toBeCloseTo((-options.learningRate * slope) / (Math.abs(slope) + options.epsilon), 7);
      });
    });
  });

  test.each([
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['too long for float32', 1e30],
  ])('%s is not clipped but refused: no bit of the state changes', (_, factor) => {
    using(open(program()), (session) => {
      session.call('init');
      step(session, 0.5);
      const before = session.read();
      step(session, 0.5, factor);
      expect(session.read()).toEqual(before);
    });
  });
});
