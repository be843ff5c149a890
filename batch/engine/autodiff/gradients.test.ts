/** Every gradient rule against central differences in float64, first and second order. */
import { describe, expect, test } from 'vitest';
import {
  add,
  areFinite,
  batchNorm,
  biasAdd,
  biasAddGradient,
  broadcastTo,
  cast,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dTranspose,
  createGraph,
  divide,
  feed,
  finish,
  gather,
  greaterEqual,
  halfSquareSum,
  leakyRelu,
  matMul,
  mean,
  multiply,
  negate,
  pad,
  relu,
  reshape,
  rsqrt,
  type Shape,
  scale,
  select,
  shift,
  sigmoid,
  signature,
  slice,
  softplus,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
  tanh,
} from '../program/index.ts';
import { compare, using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { samples } from '../testing/samples.ts';
import { differentiable, gradients } from './gradients.ts';

type Inputs = Readonly<Record<string, Tensor>>;
interface Case {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly f: (inputs: Inputs) => Tensor;
  readonly positive?: boolean;
}

const x = (inputs: Inputs, name = 'x'): Tensor => {
  const tensor = inputs[name];
  if (!tensor) throw new RangeError(name);
  return tensor;
};
const of = (shape: Shape, f: (x: Tensor) => Tensor, positive = false): Case => ({
  shapes: { x: shape },
  f: (inputs) => f(x(inputs)),
  positive,
});
const ofTwo = (a: Shape, b: Shape, f: (a: Tensor, b: Tensor) => Tensor, positive = false): Case => ({
  shapes: { a, b },
  f: (inputs) => f(x(inputs, 'a'), x(inputs, 'b')),
  positive,
});
const image = [2, 5, 7, 3];

const cases: Record<string, Case> = {
  add: ofTwo([3, 4], [4], (a, b) => square(add(a, b))),
  subtract: ofTwo([1, 4], [3, 1], (a, b) => square(subtract(a, b))),
  multiply: ofTwo([3, 4], [1, 4], (a, b) => square(multiply(a, b))),
  divide: ofTwo([3, 4], [3, 1], (a, b) => divide(a, b), true),
  negate: of([3], (a) => square(negate(a))),
  square: of([3], square),
  sqrt: of([3], sqrt, true),
  rsqrt: of([3], rsqrt, true),
  relu: of([40], (a) => square(relu(a))),
  leakyRelu: of([40], (a) => square(leakyRelu(a, 0.2))),
  tanh: of([5], tanh),
  sigmoid: of([5], sigmoid),
  softplus: of([5], softplus),
  cast: of([5], (a) => square(cast(square(a), 'float64'))),
  select: ofTwo([8], [1], (a, b) => square(select(greaterEqual(a, scale(a, 0.5)), square(a), b))),
  reshape: of([2, 6], (a) => square(reshape(a, [3, 4]))),
  broadcastTo: of([3, 1], (a) => multiply(broadcastTo(a, [2, 3, 4]), broadcastTo(a, [2, 3, 4]))),
  'sum over some axes': of([2, 3, 4], (a) => square(sum(a, [0, 2]))),
  mean: of([2, 3], (a) => square(mean(a))),
  halfSquareSum: of([7], (a) => square(halfSquareSum(a))),
  concat: ofTwo([2, 3], [2, 2], (a, b) => square(concat([square(a), b], 1))),
  slice: of([3, 4], (a) => square(slice(square(a), [1, 0], [2, 3]))),
  pad: of([2, 3], (a) => square(shift(pad(square(a), [1, 0], [4, 4]), 1))),
  matMul: ofTwo([3, 4], [4, 2], (a, b) => square(matMul(a, b))),
  'matMul, first transposed': ofTwo([4, 3], [4, 2], (a, b) => square(matMul(a, b, { transposeA: true }))),
  'matMul, second transposed': ofTwo([3, 4], [2, 4], (a, b) => square(matMul(a, b, { transposeB: true }))),
  'matMul, both transposed': ofTwo([4, 3], [2, 4], (a, b) =>
    square(matMul(a, b, { transposeA: true, transposeB: true })),
  ),
  biasAdd: ofTwo(image, [3], (a, b) => square(biasAdd(a, b))),
  biasAddGradient: of(image, (a) => square(biasAddGradient(a))),
  'conv2d, stride 2, odd sides': ofTwo(image, [4, 4, 3, 2], (a, b) => square(conv2d(a, b, 2))),
  'conv2d, stride 1': ofTwo(image, [3, 3, 3, 2], (a, b) => square(conv2d(a, b, 1))),
  'conv2d transposed, odd sides': ofTwo([2, 3, 4, 2], [4, 4, 3, 2], (a, b) =>
    square(conv2dTranspose(a, b, 2, { height: 5, width: 7 })),
  ),
  conv2dFilterGradient: ofTwo(image, [2, 3, 4, 2], (a, b) => square(conv2dFilterGradient(a, b, 2, [4, 4, 3, 2]))),
  'values used several times': of([4], (a) => multiply(tanh(a), add(tanh(a), sigmoid(a)))),
  // Written out, batch norm has gradients of every order.
  'batch norm written out': of(
    [6, 3],
    (a) => {
      const centred = subtract(a, mean(a, [0]));
      return tanh(multiply(centred, rsqrt(shift(mean(square(centred), [0]), 1e-5))));
    },
    true,
  ),
};

const squaredGradients = (f: Case['f']) => (inputs: Inputs) => {
  const parts = gradients(f(inputs), Object.values(inputs)).map((slope) => sum(square(slope)));
  return parts.reduce((a, b) => add(a, b));
};

/** Derivatives near zero are compared by their distance, others by ratio. */
const expectEqual = (comparison: ReturnType<typeof compare>) => {
  for (const [name, { rule, difference }] of Object.entries(comparison)) {
    expect(Math.abs(rule - difference), name).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
  }
};

describe('gradients equal central differences', () => {
  test.each(Object.entries(cases))('%s', (_, { shapes, f, positive = false }) => {
    expectEqual(compare(shapes, f, { positive }));
  });
});

describe('gradients of gradients equal central differences', () => {
  test.each(Object.entries(cases))('%s', (_, { shapes, f, positive = false }) => {
    expectEqual(compare(shapes, squaredGradients(f), { positive }));
  });
});

describe('rules', () => {
  test('each is reached by a case above, batch norm by its own', () => {
    const reached = new Set<string>(['batchNorm']);
    for (const { shapes, f } of Object.values(cases)) {
      const graph = createGraph();
      signature(graph, 'check', () => {
        const inputs = Object.fromEntries(
          Object.entries(shapes).map(([name, shape]) => [name, cast(feed(graph, name, 'float32', shape), 'float64')]),
        );
        return { y: squaredGradients(f)(inputs) };
      });
      for (const { op } of graph.nodes) reached.add(op);
    }
    expect(differentiable.filter((op) => !reached.has(op))).toEqual([]);
  });

  test('an operation without one throws by its name', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const table = feed(graph, 'table', 'float32', [4, 2]);
      const chosen = gather(table, feed(graph, 'indices', 'int32', [3]));
      expect(() => gradients(sum(chosen), [table])).toThrow(/^gather has no gradient rule, at check\/gather$/);
      return { chosen };
    });
  });

  test('batch norm has a first gradient and throws by name at the second', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const images = feed(graph, 'images', 'float32', [4, 3, 3, 2]);
      const vector = feed(graph, 'vector', 'float32', [2]);
      const { y } = batchNorm(images, vector, vector, 1e-5);
      const penalty = sum(square(gradients(y, [images])[0] ?? y));
      expect(() => gradients(penalty, [vector])).toThrow(/batchNormGradient has no gradient rule/);
      return { penalty };
    });
  });

  test('what does not depend on an input has a gradient of zeros', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const [used, unused] = [feed(graph, 'used', 'float32', [2]), feed(graph, 'unused', 'float32', [3])];
      const [, slope = used] = gradients(sum(used), [used, unused]);
      return { slope, finite: cast(areFinite(slope), 'float32') };
    });
    const feeds = {
      used: { dtype: 'float32', shape: [2], data: samples(2) },
      unused: { dtype: 'float32', shape: [3], data: samples(3) },
    } as const;
    using(open(finish(graph)), (session) => {
      expect([...(session.call('check', feeds).slope?.data ?? [])]).toEqual([0, 0, 0]);
    });
  });
});

test("batch norm's fused gradients equal those of the same norm written out, in float32's precision", () => {
  const graph = createGraph();
  const shapes = { images: [4, 3, 5, 2], gain: [2], bias: [2] };
  signature(graph, 'check', () => {
    const images = feed(graph, 'images', 'float32', shapes.images);
    const gain = feed(graph, 'gain', 'float32', shapes.gain);
    const bias = feed(graph, 'bias', 'float32', shapes.bias);
    const fused = sum(tanh(batchNorm(images, gain, bias, 1e-3).y));
    const centred = subtract(images, mean(images, [0, 1, 2]));
    const normal = multiply(centred, rsqrt(shift(mean(square(centred), [0, 1, 2]), 1e-3)));
    const written = sum(tanh(add(multiply(normal, gain), bias)));
    const fetches: Record<string, Tensor> = {};
    const slopes = [fused, written].map((y) => gradients(y, [images, gain, bias]));
    slopes.forEach((parts, form) => {
      parts.forEach((slope, index) => {
        fetches[`${index}.${form}`] = slope;
      });
    });
    return fetches;
  });
  using(open(finish(graph)), (session) => {
    const value = (name: keyof typeof shapes, stream: number) =>
      ({
        dtype: 'float32',
        shape: shapes[name],
        data: samples(
          shapes[name].reduce((a, b) => a * b),
          stream,
        ),
      }) as const;
    const fetched = session.call('check', {
      images: value('images', 1),
      gain: value('gain', 2),
      bias: value('bias', 3),
    });
    for (const index of [0, 1, 2]) {
      const [fused, written] = [fetched[`${index}.0`]?.data ?? [], fetched[`${index}.1`]?.data ?? []];
      expect(fused.length).toBeGreaterThan(0);
      // Rounding of sums over 60 elements of order 1: some 1e-6.
      fused.forEach((slope, at) => {
        expect(slope).toBeCloseTo(written[at] ?? Number.NaN, 4);
      });
    }
  });
});
