/** The residual GAN: the recipe's shapes and beginnings at every size, and the gradients of its whole losses. */
import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '../../graph/spec/spec.ts';
import {
  add,
  constant,
  createGraph,
  feed,
  finish,
  type Graph,
  type Shape,
  type State,
  scale,
  signature,
  sizeOf,
  type Tensor,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import { compare, using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { relativisticPairing } from '../losses/adversarial.ts';
import { judgeRegularized } from '../losses/regularizer.ts';
import type { ImageShape } from './network.ts';
import { r3gan } from './r3gan.ts';

type R3ganSpec = Extract<ModelSpec, { architecture: 'R3GAN' }>;
const preset: R3ganSpec = { architecture: 'R3GAN', latentSize: 64, capacity: 1, conditional: true };

const parameters = (weights: readonly State[]) => weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

describe('at 28×28 it is the recipe', () => {
  const graph = createGraph();
  const { generator, discriminator } = r3gan(graph, preset, [28, 28, 1], 0);

  test('with as many parameters as it had', () => {
    expect(parameters(generator.weights)).toBe(90_561);
    expect(parameters(discriminator.weights)).toBe(82_432);
    const named = r3gan(createGraph(), preset, [28, 28, 1], 10);
    expect(parameters(named.generator.weights)).toBe(90_561 + 10 * 128);
    expect(parameters(named.discriminator.weights)).toBe(82_432 + 10 * 128);
  });

  test('and begins as it did', () => {
    const built = createGraph();
    r3gan(built, preset, [28, 28, 1], 500);
    initialise(built, 3);
    const state = using(open(finish(built)), (session) => {
      session.call('init');
      return session.read();
    });
    const deviations: Record<string, number> = {
      'generator/latent/kernel': Math.sqrt(1 / 1.04 / 64),
      'generator/class/table': 0.7,
      'generator/start/basis': 1,
      'generator/stage1/block/middle/kernel': Math.sqrt(2 / 1.04 / (9 * 64)) * 2 ** -0.25,
      'generator/stage1/up/kernel': Math.sqrt(1 / 1.04 / 128),
      'generator/image/kernel': Math.sqrt(1 / 1.04 / (4 * 64)),
      'discriminator/stem/kernel': Math.sqrt(2 / 1.04 / 16),
      'discriminator/stage1/block/reduce/kernel': Math.sqrt(2 / 1.04 / 64) * 2 ** -0.25,
      'discriminator/stage1/down/kernel': Math.sqrt(1 / 1.04 / 64),
      'discriminator/end/basis': 1 / 7,
      'discriminator/judge/table': 1 / Math.sqrt(128),
    };
    for (const [name, deviation] of Object.entries(deviations)) {
      const data = Array.from(state.get(name)?.data ?? [], Number);
      const square = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
      // Of n normal numbers the root of the mean square is off by 1/√(2n).
      expect(Math.abs(Math.sqrt(square) / deviation - 1), name).toBeLessThan(4 / Math.sqrt(2 * data.length));
    }
    for (const player of ['generator', 'discriminator']) {
      for (const stage of [1, 2]) {
        expect(new Set(state.get(`${player}/stage${stage}/block/expand/kernel`)?.data)).toEqual(new Set([0]));
      }
    }
    expect([...(state.get('generator/image/bias')?.data ?? [])]).toEqual([-0.5]);
  });
});

test.each<[ImageShape, number, readonly number[], Shape]>([
  [[28, 28, 1], 1, [64, 128], [7, 7, 128]],
  [[32, 32, 3], 1, [64, 128], [8, 8, 128]],
  [[64, 64, 3], 1, [64, 128, 256], [8, 8, 256]],
  [[64, 64, 3], 0.5, [32, 64, 128], [8, 8, 128]],
  [[128, 128, 1], 1, [64, 128, 256, 256], [8, 8, 256]],
  [[20, 28, 3], 1 / 16, [4, 8], [5, 7, 8]],
  [[12, 10, 1], 0.07, [4], [6, 5, 4]],
])('images of %j at capacity %f have %j channels by size, down to %j', (image, capacity, channels, base) => {
  for (const classes of [0, 3]) {
    const graph = createGraph();
    const { generator, discriminator } = r3gan(graph, { ...preset, capacity }, image, classes);
    const shape = (name: string) => graph.states.get(name)?.shape;
    expect(shape('generator/start/basis')).toEqual(base);
    expect(shape('discriminator/end/basis')).toEqual(base);
    channels.forEach((own, index) => {
      expect(shape(`discriminator/stage${index + 1}/block/expand/kernel`)).toEqual([1, 1, own / 2, own]);
      const fromG = `generator/stage${channels.length - index}/block/expand/kernel`;
      expect(shape(fromG)).toEqual([1, 1, own / 2, own]);
    });
    signature(graph, 'call', () => {
      const value = ({ name, shape }: State) => feed(graph, `${name}.${graph.nodes.length}`, 'float32', shape);
      const labels = classes > 0 ? feed(graph, 'labels', 'int32', [2]) : undefined;
      const images = generator.forward(feed(graph, 'z', 'float32', [2, 64]), value, { by: 'averages' }, labels);
      const logits = discriminator.forward(images, value, (x) => x, labels);
      expect([images.shape, logits.shape]).toEqual([
        [2, ...image],
        [2, 1],
      ]);
      return { logits };
    });
  }
});

test.each<ImageShape>([
  [30, 30, 1],
  [8, 8, 1],
  [36, 36, 3],
  [64, 32, 3],
  [28, 27, 1],
])('images of %j are refused', (...image) => {
  expect(() => r3gan(createGraph(), preset, image, 0)).toThrow(/cannot be halved/);
});

describe.each([0, 3])('of %i classes', (classes) => {
  const spec: R3ganSpec = { ...preset, latentSize: 5, capacity: 1 / 16 };
  const image: ImageShape = [20, 24, 2];
  const probe = r3gan(createGraph(), spec, image, classes);
  const known = new WeakMap<Graph, ReturnType<typeof r3gan>>();
  const ganOf = (graph: Graph) => {
    const gan = known.get(graph) ?? r3gan(graph, spec, image, classes);
    known.set(graph, gan);
    return gan;
  };
  const shapesOf = (states: readonly State[]) => Object.fromEntries(states.map(({ name, shape }) => [name, shape]));
  const labelsIn = (graph: Graph): Tensor | undefined =>
    classes > 0 ? constant(graph, [0, 2, 1, 0], [4], 'int32') : undefined;
  /** Small weights; points so close that hardly any LeakyReLU has its kink between them. */
  const networks = { deviation: (name: string) => (name.includes('/') ? 0.3 : 1), step: 1e-6 };

  test("D's loss with R1 and R2 has the gradients of central differences in float64", () => {
    const comparison = compare({
      shapes: { ...shapesOf(probe.discriminator.weights), real: [4, ...image], fake: [4, ...image] },
      f: ({ real, fake, ...weights }) => {
        if (!real || !fake) throw new RangeError('no images');
        const { graph } = real.node;
        const { discriminator } = ganOf(graph);
        const { logits, penalty } = judgeRegularized(
          (x, _, labels) =>
            discriminator.forward(
              x,
              ({ name }) => weights[name] ?? x,
              (x) => x,
              labels,
            ),
          { real, fake },
          {
            ...{ sight: 'image', labels: labelsIn(graph) },
            regularizer: { kind: 'R1_R2', fraction: 0.5 },
            shares: () => real,
          },
        );
        if (!penalty) throw new RangeError('no penalty');
        return add(relativisticPairing.discriminator(logits.real, logits.fake), scale(penalty, 0.02));
      },
      ...networks,
    });
    expect(Object.keys(comparison).length).toBe(probe.discriminator.weights.length + 2);
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });

  test("G's loss has them too", () => {
    const comparison = compare({
      shapes: {
        ...shapesOf([...probe.generator.weights, ...probe.discriminator.weights]),
        z: [4, 5],
        real: [4, ...image],
      },
      f: ({ z, real, ...weights }) => {
        if (!z || !real) throw new RangeError('no latents');
        const { generator, discriminator } = ganOf(z.node.graph);
        const labels = labelsIn(z.node.graph);
        const values = ({ name }: State) => weights[name] ?? z;
        const judge = (x: Tensor) => discriminator.forward(x, values, (x) => x, labels);
        const fake = generator.forward(z, values, { by: 'batch', observe: () => {} }, labels);
        return relativisticPairing.generator(judge(fake), () => judge(real));
      },
      ...networks,
    });
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });
});

test('a network that knows classes says so where it is told none', () => {
  const graph = createGraph();
  const { generator } = r3gan(graph, preset, [28, 28, 1], 10);
  signature(graph, 'call', () => {
    const value = ({ name, shape }: State) => feed(graph, name, 'float32', shape);
    const z = feed(graph, 'z', 'float32', [2, 64]);
    expect(() => generator.forward(z, value, { by: 'averages' })).toThrow(/without labels/);
    return { z };
  });
});
