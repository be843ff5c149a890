/** One small function for each way to call each operation; knows not what is asked of them. */

import type { Shape, Tensor } from '../program/index.ts';
import * as ops from '../program/index.ts';
import type { Differentiable } from './differences.ts';

const { add, constant, multiply, scale, shift, square, subtract } = ops;

type Options = Pick<Differentiable, 'positive'>;

const of = (shape: Shape, f: (x: Tensor) => Tensor, options: Options = {}): Differentiable => ({
  shapes: { x: shape },
  f: ({ x }) => f(given(x)),
  ...options,
});

const ofTwo = (a: Shape, b: Shape, f: (a: Tensor, b: Tensor) => Tensor, options: Options = {}): Differentiable => ({
  shapes: { a, b },
  f: (inputs) => f(given(inputs.a), given(inputs.b)),
  ...options,
});

function given(input: Tensor | undefined): Tensor {
  if (!input) throw new RangeError('an input is missing');
  return input;
}

/** `y²`, weighed by numbers that tell its elements apart: what lands in a wrong place shows. */
function weighed(y: Tensor): Tensor {
  const weights = Array.from({ length: ops.sizeOf(y.shape) }, (_, index) => Math.cos(index * index) + 1.5);
  return multiply(square(y), constant(y.node.graph, weights, y.shape));
}

const numbers = ({ node }: Tensor, ...values: number[]) => constant(node.graph, values, [values.length], 'int32');

const positive = { positive: true };
/** Odd sides, and three channels. */
const image = [2, 5, 7, 3];
/** What a convolution with stride 2 and SAME padding makes of it, with two channels. */
const half = [2, 3, 4, 2];
const same = { stride: 2, padding: 'SAME' } as const;
const explicit = {
  stride: 2,
  padding: [
    [1, 0],
    [2, 1],
  ],
} as const satisfies ops.Sliding;
const border = { top: 1, bottom: 3, left: 2, right: 1 };

const arithmetic: Record<string, Differentiable> = {
  add: ofTwo([3, 4], [4], (a, b) => weighed(add(a, b))),
  subtract: ofTwo([1, 4], [3, 1], (a, b) => weighed(subtract(a, b))),
  multiply: ofTwo([3, 4], [1, 4], (a, b) => weighed(multiply(a, b))),
  divide: ofTwo([3, 4], [3, 1], ops.divide, positive),
  maximum: ofTwo([5], [2, 1], (a, b) => weighed(ops.maximum(a, b))),
  minimum: ofTwo([5], [2, 1], (a, b) => weighed(ops.minimum(a, b))),
  clip: of([20], (x) => weighed(ops.clip(x, -0.5, 0.5))),
  negate: of([3], (x) => weighed(ops.negate(x))),
  square: of([3], square),
  sqrt: of([3], ops.sqrt, positive),
  rsqrt: of([3], ops.rsqrt, positive),
  'power 3': of([5], (x) => ops.power(x, 3)),
  'power -1.5': of([5], (x) => ops.power(x, -1.5), positive),
  exp: of([5], ops.exp),
  log: of([5], ops.log, positive),
  sin: of([5], ops.sin),
  cos: of([5], ops.cos),
  erf: of([5], ops.erf),
  abs: of([9], (x) => weighed(ops.abs(x))),
  sign: of([9], (x) => multiply(ops.sign(x), square(x))),
  floor: of([9], (x) => square(subtract(x, ops.floor(x)))),
  cast: of([9], (x) => square(subtract(x, ops.cast(ops.cast(x, 'int32'), 'float32')))),
  'values used several times': of([4], (x) => multiply(ops.tanh(x), add(ops.tanh(x), ops.sigmoid(x)))),
};

const activations: Record<string, Differentiable> = {
  relu: of([40], (x) => weighed(ops.relu(x))),
  leakyRelu: of([40], (x) => weighed(ops.leakyRelu(x, 0.2))),
  tanh: of([5], ops.tanh),
  sigmoid: of([5], ops.sigmoid),
  softplus: of([5], ops.softplus),
  elu: of([20], ops.elu),
  silu: of([5], ops.silu),
  gelu: of([5], ops.gelu),
  softmax: of([3, 5], (x) => weighed(ops.softmax(x))),
  logSoftmax: of([3, 5], (x) => weighed(ops.logSoftmax(x))),
};

const choices: Record<string, Differentiable> = {
  select: ofTwo([8], [1], (a, b) => square(ops.select(ops.greater(a, scale(a, 0.5)), square(a), b))),
  'select by equality': ofTwo([4], [4], (a, b) => square(ops.select(ops.equal(a, ops.abs(a)), a, b))),
  'select by logic': ofTwo([20], [20], (a, b) => {
    const [high, low] = [ops.greater(a, scale(a, 0.5)), ops.greaterEqual(b, scale(b, 2))];
    return square(ops.select(ops.and(ops.or(high, low), ops.and(ops.not(high), ops.areFinite(a))), a, b));
  }),
  'argMax and oneHot': of([3, 4], (x) => weighed(multiply(x, ops.oneHot(ops.argMax(x), 4)))),
};

const places: Record<string, Differentiable> = {
  waitFor: of([5], (x) => weighed(ops.waitFor(square(x), [ops.tanh(x)]))),
  reshape: of([2, 6], (x) => weighed(ops.reshape(x, [3, 4]))),
  transpose: of([2, 3, 4], (x) => weighed(ops.transpose(square(x), [2, 0, 1]))),
  reverse: of([2, 3, 4], (x) => weighed(ops.reverse(square(x), [0, 2]))),
  broadcastTo: of([3, 1], (x) => weighed(ops.broadcastTo(x, [2, 3, 4]))),
  concat: ofTwo([2, 3], [2, 2], (a, b) => weighed(ops.concat([square(a), b, a], 1))),
  split: of([2, 6], (x) => ops.split(x, 3, 1).reduce(multiply)),
  slice: of([3, 4], (x) => weighed(ops.slice(square(x), [1, 0], [2, 3]))),
  pad: of([2, 3], (x) => weighed(shift(ops.pad(square(x), [1, 0], [4, 4]), 1))),
  padZero: of(image, (x) => weighed(shift(ops.padZero(x, border), 1))),
  padReflect: of(image, (x) => weighed(ops.padReflect(x, border))),
  gather: of([4, 2], (x) => weighed(ops.gather(x, numbers(x, 2, 0, 2)))),
  scatterAdd: of([3, 2], (x) => weighed(ops.scatterAdd(square(x), numbers(x, 2, 0, 2), 4))),
};

const reductions: Record<string, Differentiable> = {
  sum: of([2, 3, 4], (x) => weighed(ops.sum(x, [0, 2]))),
  mean: of([2, 3], (x) => square(ops.mean(x))),
  max: of([3, 5, 2], (x) => weighed(ops.max(x, [0, 2]))),
  min: of([3, 5, 2], (x) => weighed(ops.min(x, [1]))),
  'max of equals': of([3], (x) => square(ops.max(ops.concat([x, x])))),
  halfSquareSum: of([7], (x) => square(ops.halfSquareSum(x))),
};

const products: Record<string, Differentiable> = {
  biasAdd: ofTwo(image, [3], (a, b) => weighed(ops.biasAdd(a, b))),
  biasAddGradient: of(image, (x) => weighed(ops.biasAddGradient(x))),
};
for (const batch of [[], [2]]) {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const which = [
        batch.length > 0 && 'batched',
        transposeA && 'first transposed',
        transposeB && 'second transposed',
      ];
      const name = ['matMul', ...which.filter(Boolean)].join(', ');
      const [a, b] = [transposeA ? [4, 3] : [3, 4], transposeB ? [5, 4] : [4, 5]];
      products[name] = ofTwo([...batch, ...a], [...batch, ...b], (left, right) =>
        weighed(ops.matMul(left, right, { transposeA, transposeB })),
      );
    }
  }
}

const convolutions: Record<string, Differentiable> = {
  'conv2d, stride 1': ofTwo(image, [3, 3, 3, 2], (a, b) => weighed(ops.conv2d(a, b, 1))),
  'conv2d, stride 2, odd sides': ofTwo(image, [4, 4, 3, 2], (a, b) => weighed(ops.conv2d(a, b, 2))),
  'conv2d, VALID': ofTwo(image, [3, 2, 3, 2], (a, b) => weighed(ops.conv2d(a, b, 2, { padding: 'VALID' }))),
  'conv2d, explicit': ofTwo(image, [3, 3, 3, 2], (a, b) => weighed(ops.conv2d(a, b, 2, explicit))),
  'conv2d, groups': ofTwo([2, 5, 4, 6], [3, 3, 2, 9], (a, b) => weighed(ops.conv2d(a, b, 1, { groups: 3 }))),
  'conv2dTranspose, odd sides': ofTwo(half, [4, 4, 3, 2], (a, b) =>
    weighed(ops.conv2dTranspose(a, b, 2, { height: 5, width: 7 })),
  ),
  'conv2dTranspose, explicit': ofTwo(half, [3, 3, 3, 2], (a, b) =>
    weighed(ops.conv2dTranspose(a, b, 2, { height: 6, width: 7 }, explicit)),
  ),
  'conv2dTranspose, groups': ofTwo([2, 3, 4, 4], [4, 4, 3, 4], (a, b) =>
    weighed(ops.conv2dTranspose(a, b, 2, { height: 6, width: 8 }, { groups: 2 })),
  ),
  conv2dFilterGradient: ofTwo(image, half, (a, b) => weighed(ops.conv2dFilterGradient(a, b, same, [4, 4, 3, 2]))),
  depthwiseConv2d: ofTwo(image, [3, 3, 3, 1], (a, b) => weighed(ops.depthwiseConv2d(a, b, 2))),
  'depthwiseConv2d, explicit': ofTwo(image, [3, 3, 3, 1], (a, b) => weighed(ops.depthwiseConv2d(a, b, 2, explicit))),
  depthwiseConv2dInputGradient: ofTwo([2, 3, 4, 3], [4, 4, 3, 1], (a, b) =>
    weighed(ops.depthwiseConv2dInputGradient(a, b, same, image)),
  ),
  depthwiseConv2dFilterGradient: ofTwo(image, [2, 3, 4, 3], (a, b) =>
    weighed(ops.depthwiseConv2dFilterGradient(a, b, same, [4, 4, 3, 1])),
  ),
};

const sizes: Record<string, Differentiable> = {
  upsampleNearest: of([2, 3, 2, 2], (x) => weighed(ops.upsampleNearest(x, 3))),
  'averagePool, odd sides': of(image, (x) => weighed(ops.averagePool(x, 2))),
  'averagePool, overlapping': of(image, (x) => weighed(ops.averagePool(x, 3, { stride: 2, padding: 'VALID' }))),
  depthToSpace: of([2, 2, 3, 8], (x) => weighed(ops.depthToSpace(square(x), 2))),
  spaceToDepth: of([2, 4, 6, 2], (x) => weighed(ops.spaceToDepth(square(x), 2))),
  blur: of([2, 5, 4, 2], (x) => weighed(ops.blur(x, [1, 2, 1]))),
  downsample: of(image, (x) => weighed(ops.downsample(x))),
  upsample: of(image, (x) => weighed(ops.upsample(x))),
};

const norms: Record<string, Differentiable> = {
  batchNorm: ofTwo(image, [3], (a, b) => ops.tanh(ops.batchNorm(a, b, square(b), 1e-5).y)),
  batchNormInference: ofTwo(image, [3], (a, b) => {
    const [mean, variance] = [scale(b, 2), square(b)];
    return weighed(ops.batchNormInference(a, { gain: b, bias: shift(b, 1), mean, variance }, 0.1));
  }),
};

/** By name: operations and what is written with them, on arrays with some distance from each function's kinks. */
export const cases: Readonly<Record<string, Differentiable>> = {
  ...arithmetic,
  ...activations,
  ...choices,
  ...places,
  ...reductions,
  ...products,
  ...convolutions,
  ...sizes,
  ...norms,
};
