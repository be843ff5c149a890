/** A batch in parts against the same batch as a whole. */
import { describe, expect, test } from 'vitest';
import {
  biasAdd,
  conv2d,
  createGraph,
  dropout,
  feed,
  finish,
  type Graph,
  leakyRelu,
  matMul,
  mean,
  multiply,
  type Program,
  randomBytes,
  read,
  requireWholeBatch,
  reshape,
  signature,
  softplus,
  state,
  streamKey,
  sum,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import { estimateMemory } from '../engine/program/memory.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { adamMoments, adamRates, adamScalars, adamSchedule, descend } from './adam.ts';
import { inParts, type Part } from './parts.ts';
import { scalarVector } from './scalars.ts';

const SIZE = 12;
const image = [SIZE, 8, 8, 2];
const scalars = scalarVector(adamScalars('player'));
const options = { learningRate: 1e-2, beta1: 0, beta2: 0.9, epsilon: 1e-3 };

/** A convolution with dropout and a dense layer that learn to tell images apart; two batches of masks. */
function program(parts: number, check: (graph: Graph) => void = () => {}): Program {
  const graph = createGraph();
  const normal = (name: string, shape: readonly number[]) =>
    state(graph, name, shape, { init: { kind: 'normal', deviation: 0.2 } });
  const [kernel, bias, judge] = [normal('kernel', [3, 3, 2, 5]), normal('bias', [5]), normal('judge', [8 * 8 * 5, 1])];
  const weights = [kernel, bias, judge];
  const moments = adamMoments(weights);
  signature(graph, 'step', () => {
    const images = feed(graph, 'images', 'float32', image);
    const labels = feed(graph, 'labels', 'float32', [SIZE, 1]);
    const bytes = randomBytes(streamKey(feed(graph, 'key', 'int32', [3]), 'dropout'), image.with(3, 5));
    const batch = inParts(graph, weights, { size: SIZE, parts }, (part: Part) => {
      check(graph);
      const features = leakyRelu(biasAdd(conv2d(part.rows(images), read(kernel), 1), read(bias)), 0.2);
      const kept = dropout(features, 0.3, part.rows(bytes));
      const logits = matMul(reshape(kept, [SIZE / parts, 8 * 8 * 5]), read(judge));
      return { loss: mean(softplus(multiply(logits, part.rows(labels)))), logit: mean(logits) };
    });
    const step = descend(batch, moments, adamRates(scalars.feed(graph), 'player'));
    return { ...batch.means, gradientNorm: step.gradientNorm };
  });
  initialise(graph, 5);
  return finish(graph);
}

/** Scalars and weights after three steps. */
function trained(parts: number) {
  return using(open(program(parts)), (session) => {
    session.call('init');
    const rows = [1, 2, 3].map((t) =>
      session.call('step', {
        images: { dtype: 'float32', shape: image, data: samples(SIZE * 8 * 8 * 2, t) },
        labels: { dtype: 'float32', shape: [SIZE, 1], data: samples(SIZE, 10 + t).map(Math.sign) },
        key: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 0, t) },
        schedule: scalars.value(adamSchedule('player', options, t)),
      }),
    );
    return { rows, state: session.read() };
  });
}

describe('a batch in parts', () => {
  const whole = trained(1);

  test.each([2, 3, 12])('gives the losses, weights and moments of the whole one: %i parts', (parts) => {
    const split = trained(parts);
    expect([...split.state.keys()]).toEqual([...whole.state.keys()]);
    split.rows.forEach((row, index) => {
      for (const [name, { data }] of Object.entries(row)) {
        expect(data[0], name).toBeCloseTo(whole.rows[index]?.[name]?.data[0] ?? Number.NaN, 5);
      }
    });
    for (const [name, { data }] of split.state) {
      const expected = whole.state.get(name)?.data ?? [];
      data.forEach((value, at) => {
        // float32 rounds sums of another order by some 1e-7, which Adam's division by √v̂ + 1e-3 makes at most
        // 1e-2 · 1e-7 / 1e-3 = 1e-6 a step.
        expect(Math.abs(value - (expected[at] ?? Number.NaN)), name).toBeLessThan(4e-6);
      });
    }
  });

  test('is in memory one part at a time', () => {
    const [one, four] = [1, 4].map((parts) => estimateMemory(program(parts)).activations);
    expect(four).toBeLessThan(0.5 * (one ?? 0));
  });

  test('refuses a layer that looks at the whole batch, by its name and place', () => {
    const check = (graph: Graph) => requireWholeBatch(graph, 'net/norm', 'batch norm takes its statistics');
    expect(() => program(1, check)).not.toThrow();
    expect(() => program(2, check)).toThrow(
      /^net\/norm: batch norm takes its statistics over the whole batch, of which only a part is in step\/part1: /,
    );
  });

  test('has parts of one size only', () => {
    expect(() => program(5)).toThrow(/12 examples do not make 5 parts/);
  });
});

test('rows are those of each batch that a tensor is made of', () => {
  const graph = createGraph();
  const weight = state(graph, 'weight', [], { init: { kind: 'fill', value: 1 } });
  const seen: Record<string, ReturnType<typeof sum>> = {};
  signature(graph, 'call', () => {
    const x = feed(graph, 'x', 'float32', [8, 2]);
    inParts(graph, [weight], { size: 4, parts: 2 }, (part) => {
      const own = part.rows(x);
      seen[`part${Object.keys(seen).length + 1}`] = own;
      return { loss: multiply(sum(own), read(weight)) };
    });
    return seen;
  });
  using(open(finish(graph)), (session) => {
    const data = Float32Array.from({ length: 16 }, (_, at) => Math.floor(at / 2));
    const { part1, part2 } = session.call('call', { x: { dtype: 'float32', shape: [8, 2], data } });
    expect([...(part1?.data ?? [])]).toEqual([0, 0, 1, 1, 4, 4, 5, 5]);
    expect([...(part2?.data ?? [])]).toEqual([2, 2, 3, 3, 6, 6, 7, 7]);
  });
});
