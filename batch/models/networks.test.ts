/** Gradients of the whole losses through the whole networks, and the shapes they take. */
import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '../../graph/spec/spec.ts';
import { createGraph, feed, finish, type Graph, type Shape, type State, signature } from '../engine/program/index.ts';
import { articleModel } from '../engine/testing/article.ts';
import { compare, using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { minimax, nonSaturating } from '../losses/adversarial.ts';
import { tinyDcgan } from '../trainer/testing/specs.ts';
import { buildGan } from './gan.ts';
import type { Gan, ImageShape } from './network.ts';

const small = { latentSize: 5, generatorChannels: [6, 5, 4], discriminatorChannels: [3, 4], dropout: 0 };
const dcgan: ModelSpec = { ...tinyDcgan, ...small };
const mlp: ModelSpec = {
  architecture: 'MLP',
  latentSize: 5,
  generatorWidths: [7, 8],
  discriminatorWidths: [6, 5],
  dropout: 0,
};
const image: ImageShape = [9, 10, 2];
const batch = 4;

/** The network's state in one graph, declared once however often it is asked for. */
function declaredOnce(spec: ModelSpec): (graph: Graph) => Gan {
  const known = new WeakMap<Graph, Gan>();
  return (graph) => {
    const gan = known.get(graph) ?? buildGan(graph, spec, image, 0);
    known.set(graph, gan);
    return gan;
  };
}

const shapesOf = (states: readonly State[]): Record<string, Shape> =>
  Object.fromEntries(states.map(({ name, shape }) => [name, shape]));

/** Small weights; points so close that hardly any of the thousands of LeakyReLUs has its kink between them. */
const networks = { deviation: (name: string) => (name.includes('/') ? 0.3 : 1), step: 1e-6 };

describe.each([dcgan, mlp])('$architecture', (spec) => {
  const probe = buildGan(createGraph(), spec, image, 0);

  test("D's loss has the gradients of central differences in float64, to weights and images", () => {
    const ganOf = declaredOnce(spec);
    const shapes = { ...shapesOf(probe.discriminator.weights), real: [batch, ...image], fake: [batch, ...image] };
    const comparison = compare({
      shapes,
      f: ({ real, fake, ...weights }) => {
        if (!real || !fake) throw new RangeError('no images');
        const { discriminator } = ganOf(real.node.graph);
        const judge = (x: typeof real) =>
          discriminator.forward(
            x,
            ({ name }) => weights[name] ?? real,
            (x) => x,
          );
        return nonSaturating.discriminator(judge(real), judge(fake));
      },
      ...networks,
    });
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });

  test.each(Object.entries({ minimax, nonSaturating }))("G's loss, %s, has them too", (_, loss) => {
    const ganOf = declaredOnce(spec);
    const { generator, discriminator } = probe;
    const shapes = { ...shapesOf([...generator.weights, ...discriminator.weights]), z: [batch, spec.latentSize] };
    const comparison = compare({
      shapes,
      f: ({ z, ...weights }) => {
        if (!z) throw new RangeError('no latents');
        const gan = ganOf(z.node.graph);
        const values = ({ name }: State) => weights[name] ?? z;
        const images = gan.generator.forward(z, values, { by: 'batch', observe: () => {} });
        return loss.generator(gan.discriminator.forward(images, values, (x) => x));
      },
      ...networks,
    });
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });
});

test.each<ImageShape>([
  [8, 8, 1],
  [9, 13, 3],
  [28, 28, 1],
  [31, 64, 3],
])('networks fit images of %j', (...size) => {
  for (const spec of [dcgan, mlp]) {
    const graph = createGraph();
    const { generator, discriminator } = buildGan(graph, spec, size, 0);
    signature(graph, 'call', () => {
      const value = ({ name, shape }: State) => feed(graph, `${name}#${graph.nodes.length}`, 'float32', shape);
      const z = feed(graph, 'z', 'float32', [2, spec.latentSize]);
      const images = generator.forward(z, value, { by: 'averages' });
      expect(images.shape).toEqual([2, ...size]);
      const logits = discriminator.forward(images, value, (x) => x);
      expect(logits.shape).toEqual([2, 1]);
      return { logits };
    });
    using(open(finish(graph)), () => {});
  }
});

test("the article's generator grows 4, 7, 14, 28", () => {
  const graph = createGraph();

  buildGan(graph, articleModel, [28, 28, 1], 0);
  const shape = (name: string) => graph.states.get(name)?.shape;
  expect(shape('generator/dense/kernel')).toEqual([100, 4 * 4 * 256]);
  expect(shape('generator/stage1/kernel')).toEqual([4, 4, 128, 256]);
  expect(shape('generator/stage3/kernel')).toEqual([4, 4, 1, 64]);
  expect(shape('discriminator/dense/kernel')).toEqual([7 * 7 * 128, 1]);
});
