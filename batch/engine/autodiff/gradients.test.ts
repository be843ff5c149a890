/** Every gradient rule against central differences in float64, first and second order. */
import { describe, expect, test } from 'vitest';
import { emitOne } from '../program/graph.ts';
import * as ops from '../program/index.ts';
import {
  add,
  areFinite,
  batchNorm,
  biasAdd,
  biasAddGradient,
  broadcastTo,
  cast,
  composedBatchNorm,
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
  sizeOf,
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
  conv2dFilterGradient: ofTwo(image, [2, 3, 4, 2], (a, b) =>
    square(conv2dFilterGradient(a, b, { stride: 2, padding: 'SAME' }, [4, 4, 3, 2])),
  ),
  'values used several times': of([4], (a) => multiply(tanh(a), add(tanh(a), sigmoid(a)))),
  maximum: ofTwo([20], [4, 1], (a, b) => square(ops.maximum(a, b))),
  minimum: ofTwo([20], [4, 1], (a, b) => square(ops.minimum(a, b))),
  clip: of([20], (a) => square(ops.clip(a, -0.5, 0.5))),
  exp: of([5], ops.exp),
  log: of([5], ops.log, true),
  sin: of([5], ops.sin),
  cos: of([5], ops.cos),
  erf: of([5], ops.erf),
  abs: of([9], (a) => square(ops.abs(a))),
  sign: of([9], (a) => multiply(ops.sign(a), square(a))),
  floor: of([9], (a) => square(subtract(a, ops.floor(a)))),
  'power 3': of([5], (a) => ops.power(a, 3)),
  'power -1.5': of([5], (a) => ops.power(a, -1.5), true),
  elu: of([20], ops.elu),
  silu: of([5], ops.silu),
  gelu: of([5], ops.gelu),
  softmax: of([3, 5], (a) => square(ops.softmax(a))),
  logSoftmax: of([3, 5], (a) => square(ops.logSoftmax(a))),
  max: of([3, 5, 2], (a) => square(ops.max(a, [0, 2]))),
  min: of([3, 5, 2], (a) => square(ops.min(a, [1]))),
  transpose: ofTwo([2, 3, 4], [4, 2, 3], (a, b) => multiply(ops.transpose(square(a), [2, 0, 1]), square(b))),
  reverse: ofTwo([2, 3, 4], [2, 3, 4], (a, b) => multiply(ops.reverse(square(a), [0, 2]), square(b))),
  split: of([2, 6], (a) => ops.split(a, 3, 1).reduce(multiply)),
  gather: ofTwo([4, 2], [3, 2], (a, b) =>
    multiply(square(gather(a, ops.constant(a.node.graph, [2, 0, 2], [3], 'int32'))), b),
  ),
  scatterAdd: of([3, 2], (a) =>
    square(ops.scatterAdd(square(a), ops.constant(a.node.graph, [2, 0, 2], [3], 'int32'), 4)),
  ),
  padReflect: ofTwo(image, [2, 9, 10, 3], (a, b) =>
    multiply(square(b), square(ops.padReflect(a, { top: 1, bottom: 3, left: 2, right: 1 }))),
  ),
  padZero: ofTwo(image, [2, 9, 10, 3], (a, b) =>
    multiply(square(b), square(ops.padZero(a, { top: 1, bottom: 3, left: 2, right: 1 }))),
  ),
  'batched matMul': ofTwo([2, 3, 4], [2, 4, 5], (a, b) => square(matMul(a, b))),
  'batched matMul, first transposed': ofTwo([2, 4, 3], [2, 4, 5], (a, b) => square(matMul(a, b, { transposeA: true }))),
  'batched matMul, second transposed': ofTwo([2, 3, 4], [2, 5, 4], (a, b) =>
    square(matMul(a, b, { transposeB: true })),
  ),
  'batched matMul, both transposed': ofTwo([2, 4, 3], [2, 5, 4], (a, b) =>
    square(matMul(a, b, { transposeA: true, transposeB: true })),
  ),
  'conv2d VALID': ofTwo(image, [3, 2, 3, 2], (a, b) => square(conv2d(a, b, 2, { padding: 'VALID' }))),
  'conv2d explicit': ofTwo(image, [3, 3, 3, 2], (a, b) =>
    square(
      conv2d(a, b, 2, {
        padding: [
          [1, 0],
          [2, 1],
        ],
      }),
    ),
  ),
  'conv2d in groups': ofTwo([2, 5, 4, 6], [3, 3, 2, 9], (a, b) => square(conv2d(a, b, 1, { groups: 3 }))),
  'conv2d transposed, explicit': ofTwo([2, 3, 4, 2], [4, 4, 3, 2], (a, b) =>
    square(
      conv2dTranspose(
        a,
        b,
        2,
        { height: 6, width: 8 },
        {
          padding: [
            [1, 1],
            [1, 1],
          ],
        },
      ),
    ),
  ),
  'conv2d transposed, in groups': ofTwo([2, 3, 4, 4], [4, 4, 3, 4], (a, b) =>
    square(conv2dTranspose(a, b, 2, { height: 6, width: 8 }, { groups: 2 })),
  ),
  depthwiseConv2d: ofTwo(image, [3, 3, 3, 1], (a, b) => square(ops.depthwiseConv2d(a, b, 2))),
  'depthwiseConv2d explicit': ofTwo(image, [3, 3, 3, 1], (a, b) =>
    square(
      ops.depthwiseConv2d(a, b, 1, {
        padding: [
          [1, 0],
          [2, 1],
        ],
      }),
    ),
  ),
  depthwiseConv2dInputGradient: ofTwo([2, 3, 4, 3], [4, 4, 3, 1], (a, b) =>
    square(ops.depthwiseConv2dInputGradient(a, b, { stride: 2, padding: 'SAME' }, image)),
  ),
  depthwiseConv2dFilterGradient: ofTwo(image, [2, 3, 4, 3], (a, b) =>
    square(ops.depthwiseConv2dFilterGradient(a, b, { stride: 2, padding: 'SAME' }, [4, 4, 3, 1])),
  ),
  upsampleNearest: ofTwo([2, 3, 2, 2], [2, 9, 6, 2], (a, b) => multiply(square(b), square(ops.upsampleNearest(a, 3)))),
  averagePool: of(image, (a) => square(ops.averagePool(a, 2))),
  'averagePool, overlapping': of(image, (a) => square(ops.averagePool(a, 3, { stride: 2, padding: 'VALID' }))),
  depthToSpace: ofTwo([2, 2, 3, 8], [2, 4, 6, 2], (a, b) => multiply(square(b), square(ops.depthToSpace(a, 2)))),
  spaceToDepth: ofTwo([2, 2, 3, 8], [2, 4, 6, 2], (a, b) => multiply(square(a), square(ops.spaceToDepth(b, 2)))),
  blur: of([2, 5, 4, 2], (a) => square(ops.blur(a, [1, 2, 1]))),
  downsample: of(image, (a) => square(ops.downsample(a))),
  upsample: of(image, (a) => square(ops.upsample(a))),
  'batch norm written out': ofTwo(image, [3], (a, b) => tanh(composedBatchNorm(a, b, b, 1e-5).y)),
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
    const reached = new Set<string>(['batchNorm', 'batchNormGradient', 'batchNormInference', 'stopGradient']);
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
    expect([...differentiable].filter((op) => !reached.has(op))).toEqual([]);
  });

  test('an operation without one throws by its name', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const x = feed(graph, 'x', 'float32', [4, 2]);
      // All that give floats have a rule: this one pretends to.
      const odd = emitOne(graph, 'isFinite', [x], {}, x);
      expect(() => gradients(sum(odd), [x])).toThrow(/^isFinite has no gradient rule, at check\/isFinite$/);
      return { odd };
    });
  });

  test('a stopped gradient is that of a constant, at each order', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const x = feed(graph, 'x', 'float32', [3]);
      const [slope = x] = gradients(multiply(square(x), ops.stopGradient(tanh(x))), [x]);
      const [curvature = x] = gradients(slope, [x]);
      return { slope, curvature, value: ops.stopGradient(x) };
    });
    const data = samples(3);
    using(open(finish(graph)), (session) => {
      const fetched = session.call('check', { x: { dtype: 'float32', shape: [3], data } });
      expect(fetched.value?.data).toEqual(data);
      data.forEach((value, at) => {
        expect(fetched.slope?.data[at]).toBeCloseTo(2 * value * Math.tanh(value), 5);
        expect(fetched.curvature?.data[at]).toBeCloseTo(2 * Math.tanh(value), 5);
      });
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

test("batch norm's fused gradients equal those of the same norm written out, of both orders, in float32's precision", () => {
  const graph = createGraph();
  const shapes = { images: [4, 3, 5, 2], gain: [2], bias: [2] };
  signature(graph, 'check', () => {
    const images = feed(graph, 'images', 'float32', shapes.images);
    const gain = feed(graph, 'gain', 'float32', shapes.gain);
    const bias = feed(graph, 'bias', 'float32', shapes.bias);
    const fetches: Record<string, Tensor> = {};
    [batchNorm, composedBatchNorm].forEach((norm, form) => {
      const slopes = gradients(tanh(norm(images, gain, bias, 1e-3).y), [images, gain, bias]);
      const penalty = slopes.map((slope) => sum(square(slope))).reduce(add);
      const curvatures = gradients(penalty, [images, gain, bias]);
      [...slopes, ...curvatures].forEach((value, index) => {
        fetches[`${index}.${form}`] = value;
      });
    });
    return fetches;
  });
  using(open(finish(graph)), (session) => {
    const value = (name: keyof typeof shapes, stream: number) =>
      ({ dtype: 'float32', shape: shapes[name], data: samples(sizeOf(shapes[name]), stream) }) as const;
    const fetched = session.call('check', {
      images: value('images', 1),
      gain: value('gain', 2),
      bias: value('bias', 3),
    });
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const [fused, written] = [fetched[`${index}.0`]?.data ?? [], fetched[`${index}.1`]?.data ?? []];
      expect(fused.length).toBeGreaterThan(0);
      // Rounding of sums over 60 elements: some 1e-6 of the largest.
      const largest = Math.max(...written.map(Math.abs));
      fused.forEach((slope, at) => {
        expect(Math.abs(slope - (written[at] ?? Number.NaN)), `${index}`).toBeLessThan(1e-5 * largest);
      });
    }
  });
});
