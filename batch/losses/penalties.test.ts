/** Gradient penalties against closed forms and central differences, and what goes through D to get them. */
import { describe, expect, test } from 'vitest';
import {
  biasAdd,
  conv2d,
  createGraph,
  feed,
  finish,
  leakyRelu,
  matMul,
  mean,
  multiply,
  reshape,
  type Shape,
  scale,
  signature,
  sizeOf,
  square,
  sum,
  type Tensor,
  tanh,
} from '../engine/program/index.ts';
import { compare, using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { nonSaturating } from './adversarial.ts';
import { type JudgementOptions, judge } from './judgement.ts';
import { slope, zeroCentred } from './penalties.ts';

type Inputs = Readonly<Record<string, Tensor>>;
const at = (inputs: Inputs, name: string): Tensor => {
  const tensor = inputs[name];
  if (!tensor) throw new RangeError(name);
  return tensor;
};

/** Values of `build` where its inputs are normal numbers, by input a stream of their own. */
function run(shapes: Readonly<Record<string, Shape>>, build: (inputs: Inputs) => Readonly<Record<string, Tensor>>) {
  const graph = createGraph();
  signature(graph, 'run', () =>
    build(
      Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float32', shape)])),
    ),
  );
  return using(open(finish(graph)), (session) => {
    const feeds = Object.entries(shapes).map(([name, shape], stream) => {
      const data = samples(sizeOf(shape), stream);
      return [name, { dtype: 'float32', shape, data }] as const;
    });
    return session.call('run', Object.fromEntries(feeds));
  });
}

describe('in closed form', () => {
  test('a linear D has the same slope everywhere: its weights', () => {
    const fetched = run({ images: [5, 2, 3, 1], weights: [6, 1] }, (inputs) => {
      const images = at(inputs, 'images');
      const logits = matMul(reshape(images, [5, 6]), at(inputs, 'weights'));
      return { penalty: zeroCentred(slope(logits, images)) };
    });
    const squares = samples(6, 1).reduce((sum, weight) => sum + weight ** 2, 0);
    expect(fetched.penalty?.data[0]).toBeCloseTo(squares / 2, 5);
  });

  test("a quadratic D's penalty is the mean of its images' squares, times its curvature squared", () => {
    const fetched = run({ images: [4, 3, 2, 1] }, (inputs) => {
      const images = at(inputs, 'images');
      const logits = scale(sum(square(images), [1, 2, 3]), 1.5);
      return { penalty: zeroCentred(slope(reshape(logits, [4, 1]), images)) };
    });
    const squares = samples(24, 0).reduce((sum, pixel) => sum + (3 * pixel) ** 2, 0);
    expect(fetched.penalty?.data[0]).toBeCloseTo(squares / 2 / 4, 3);
  });

  test('augmentation between image and D is differentiated', () => {
    const fetched = run({ images: [2, 2, 2, 1], weights: [4, 1] }, (inputs) => {
      const images = at(inputs, 'images');
      const augmented = scale(images, 3);
      const logits = matMul(reshape(augmented, [2, 4]), at(inputs, 'weights'));
      return { penalty: zeroCentred(slope(logits, images)) };
    });
    const squares = samples(4, 1).reduce((sum, weight) => sum + (3 * weight) ** 2, 0);
    expect(fetched.penalty?.data[0]).toBeCloseTo(squares / 2, 4);
  });
});

const image = [6, 7, 2] as const;
const weights = { kernel1: [4, 4, 2, 3], bias1: [3], kernel2: [4, 4, 3, 4], bias2: [4], head: [2 * 2 * 4, 1] };

/** Two convolutions and a dense layer, with the same activation. */
const network = (inputs: Inputs, activate: (x: Tensor) => Tensor) => (images: Tensor) => {
  const first = activate(biasAdd(conv2d(images, at(inputs, 'kernel1'), 2), at(inputs, 'bias1')));
  const second = activate(biasAdd(conv2d(first, at(inputs, 'kernel2'), 2), at(inputs, 'bias2')));
  return matMul(reshape(second, [images.shape[0] ?? 0, 16]), at(inputs, 'head'));
};
const deviation = (name: string) => (name in weights ? 0.3 : 1);
/** Points so close that none of the LeakyReLUs has its kink between them. */
const BETWEEN_KINKS = 1e-5;
const activations = { leakyRelu: (x: Tensor) => leakyRelu(x, 0.2), tanh };

describe.each(Object.entries(activations))('with %s', (_, activate) => {
  test("the penalty's gradients to weights and images are those of central differences in float64", () => {
    const comparison = compare({
      shapes: { ...weights, images: [3, ...image] },
      f: (inputs) => {
        const images = at(inputs, 'images');
        return zeroCentred(slope(network(inputs, activate)(images), images));
      },
      deviation,
      step: BETWEEN_KINKS,
    });
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });

  test.each<Omit<JudgementOptions, 'sight'>>([
    { penalised: ['real'] },
    { penalised: ['real', 'fake'] },
    { penalised: ['real', 'fake'], fraction: 0.5 },
    { penalised: ['fake'], fraction: 0.25 },
  ])("D's loss with %j has the gradients of central differences in float64", (options) => {
    const comparison = compare({
      shapes: { ...weights, real: [4, ...image], fake: [4, ...image] },
      f: (inputs) => {
        const images = { real: at(inputs, 'real'), fake: at(inputs, 'fake') };
        const { logits, penalties } = judge(network(inputs, activate), images, { sight: 'image', ...options });
        const penalty = Object.values(penalties).reduce((sum, penalty) => sum && multiply(sum, penalty));
        return multiply(nonSaturating.discriminator(logits.real, logits.fake), penalty);
      },
      deviation,
      step: BETWEEN_KINKS,
    });
    for (const [name, { error }] of Object.entries(comparison)) expect(error, name).toBeLessThan(1e-6);
  });
});

describe('a judgement', () => {
  const shapes = { ...weights, real: [4, ...image], fake: [4, ...image] };

  test.each<Omit<JudgementOptions, 'sight'>>([
    {},
    { penalised: ['real'] },
    { penalised: ['fake', 'real'], fraction: 0.5 },
    { penalised: ['real', 'fake'] },
  ])('with %j is the same whatever goes through D together', (options) => {
    const fetched = run(shapes, (inputs) => {
      const images = { real: at(inputs, 'real'), fake: at(inputs, 'fake') };
      const discriminate = network(inputs, (x) => leakyRelu(x, 0.2));
      const fetches: Record<string, Tensor> = {};
      for (const sight of ['image', 'batch'] as const) {
        const { logits, penalties } = judge(discriminate, images, { sight, ...options });
        for (const [name, tensor] of Object.entries({ ...logits, r1: penalties.real, r2: penalties.fake })) {
          if (tensor) fetches[`${name}.${sight}`] = tensor;
        }
      }
      return fetches;
    });
    const names = Object.keys(fetched).filter((name) => name.endsWith('.image'));
    expect(names).toHaveLength(2 + (options.penalised?.length ?? 0));
    for (const name of names) {
      const [image, batch] = [fetched[name], fetched[name.replace('.image', '.batch')]];
      image?.data.forEach((value, index) => {
        expect(value, name).toBeCloseTo(batch?.data[index] ?? Number.NaN, 5);
      });
    }
  });

  test('puts together what needs a slope and what needs none, where D sees each image alone', () => {
    const passesOf = (options: JudgementOptions): Record<string, number> => {
      const seen: Record<string, number> = {};
      const graph = createGraph();
      signature(graph, 'judge', () => {
        const feedOf = (name: string) => feed(graph, name, 'float32', [8, ...image]);
        const { logits } = judge(
          (images, pass) => {
            seen[pass] = images.shape[0] ?? 0;
            return reshape(mean(images, [1, 2, 3]), [images.shape[0] ?? 0, 1]);
          },
          { real: feedOf('real'), fake: feedOf('fake') },
          options,
        );
        expect([logits.real.shape, logits.fake.shape]).toEqual([
          [8, 1],
          [8, 1],
        ]);
        return logits;
      });
      return seen;
    };
    const both = ['real', 'fake'] as const;
    expect(passesOf({ sight: 'image' })).toEqual({ plain: 16 });
    expect(passesOf({ sight: 'image', penalised: ['real'] })).toEqual({ penalised: 8, plain: 8 });
    expect(passesOf({ sight: 'image', penalised: both })).toEqual({ penalised: 16 });
    expect(passesOf({ sight: 'image', penalised: both, fraction: 0.25 })).toEqual({ penalised: 4, plain: 12 });
    expect(passesOf({ sight: 'image', penalised: both, fraction: 0.01 })).toEqual({ penalised: 2, plain: 14 });
    expect(passesOf({ sight: 'batch', penalised: both, fraction: 0.25 })).toEqual({ real: 8, fake: 8 });
  });
});
