/** Gradient penalties against closed forms and central differences, and what goes through D to get them. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../engine/autodiff/gradients.ts';
import {
  add,
  biasAdd,
  cast,
  constant,
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
import { nonSaturating, relativisticPairing } from './adversarial.ts';
import { type JudgementOptions, judge } from './judgement.ts';
import { between, oneCentred, slope, zeroCentred } from './penalties.ts';
import { judgeRegularized, type Regularization } from './regularizer.ts';

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

  test('a D of slope 1 pays nothing to be so everywhere, one of slope 3 the square of 2, and a flat one 1 without a NaN', () => {
    const fetched = run({ images: [5, 2, 2, 1] }, (inputs) => {
      const images = at(inputs, 'images');
      const steep = (factor: number) => {
        const logits = scale(reshape(sum(images, [1, 2, 3]), [5, 1]), factor / 2);
        const penalty = oneCentred(slope(logits, images));
        const [back = images] = gradients(penalty, [images]);
        return { [`of.${factor}`]: penalty, [`back.${factor}`]: back };
      };
      return { ...steep(1), ...steep(3), ...steep(0) };
    });
    expect(fetched['of.1']?.data[0]).toBeCloseTo(0, 6);
    expect(fetched['of.3']?.data[0]).toBeCloseTo(4, 5);
    expect(fetched['of.0']?.data[0]).toBeCloseTo(1, 5);
    for (const factor of [0, 1, 3])
      expect([...(fetched[`back.${factor}`]?.data ?? [])].every((x) => x === 0)).toBe(true);
  });

  test('points between images divide the lines from generated to real ones', () => {
    const fetched = run({ real: [3, 1, 2, 1], fake: [3, 1, 2, 1] }, (inputs) => {
      const real = at(inputs, 'real');
      const shares = constant(real.node.graph, [0, 0.25, 1], [3, 1, 1, 1]);
      return { points: between({ real, fake: at(inputs, 'fake') }, shares) };
    });
    const [real, fake] = [samples(6, 0), samples(6, 1)];
    [...(fetched.points?.data ?? [])].forEach((value, index) => {
      const share = [0, 0.25, 1][index >> 1] ?? Number.NaN;
      expect(value).toBeCloseTo(share * (real[index] ?? 0) + (1 - share) * (fake[index] ?? 0), 6);
    });
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

describe.each<Regularization['regularizer']>([
  { kind: 'NONE', fraction: 1 },
  { kind: 'R1', fraction: 0.5 },
  { kind: 'R1_R2', fraction: 0.5 },
  { kind: 'GRADIENT_PENALTY', fraction: 0.5 },
])('regularized by $kind', (regularizer) => {
  const shares = (images: Tensor) => () => constant(images.node.graph, [0.3, 0.9, 0.5, 0.1], [4, 1, 1, 1]);

  test('a D that knows no slope but its images pays by hand', () => {
    // The logit is the sum of pixels times the number of the class: slopes are class · √pixels long.
    const fetched = run({ real: [4, 2, 2, 1], fake: [4, 2, 2, 1] }, (inputs) => {
      const images = { real: at(inputs, 'real'), fake: at(inputs, 'fake') };
      const labels = constant(images.real.node.graph, [1, 3, 100, 100], [4], 'int32');
      const { logits, penalty } = judgeRegularized(
        (seen, _, classes) => {
          if (!classes) throw new RangeError('no labels');
          const factor = reshape(cast(classes, 'float32'), [seen.shape[0] ?? 0, 1]);
          return multiply(factor, reshape(sum(seen, [1, 2, 3]), factor.shape));
        },
        images,
        { sight: 'image', labels, regularizer, shares: shares(images.real) },
      );
      return { ...logits, ...(penalty && { penalty }) };
    });
    const sums = (stream: number) =>
      [1, 3, 100, 100].map(
        (label, n) =>
          label *
          samples(16, stream)
            .slice(4 * n, 4 * n + 4)
            .reduce((a, b) => a + b, 0),
      );
    for (const [name, stream] of [['real', 0] as const, ['fake', 1] as const]) {
      sums(stream).forEach((value, n) => {
        expect(fetched[name]?.data[n]).toBeCloseTo(value, 3);
      });
    }
    const each = (4 * (1 + 9)) / 2 / 2;
    const expected = { NONE: undefined, R1: each, R1_R2: 2 * each, GRADIENT_PENALTY: (1 + 25) / 2 };
    const paid = fetched.penalty?.data[0];
    if (regularizer.kind === 'NONE') expect(paid).toBeUndefined();
    else expect(paid).toBeCloseTo(expected[regularizer.kind] ?? Number.NaN, 4);
  });

  test("D's loss has the gradients of central differences in float64", () => {
    const comparison = compare({
      shapes: { ...weights, real: [4, ...image], fake: [4, ...image] },
      f: (inputs) => {
        const images = { real: at(inputs, 'real'), fake: at(inputs, 'fake') };
        const regularization = { sight: 'image', regularizer, shares: shares(images.real) } as const;
        const discriminate = network(inputs, (x) => leakyRelu(x, 0.2));
        const { logits, penalty } = judgeRegularized(discriminate, images, regularization);
        const loss = relativisticPairing.discriminator(logits.real, logits.fake);
        return penalty ? add(loss, scale(penalty, 0.1)) : loss;
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
