/** The linear maps of networks and batch norm, NHWC. */
import { outputOf } from '../../../program/graph.ts';
import { sizeOf } from '../../../program/shape.ts';
import { type Attributes, reshaped, type Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { scalar } from './elementwise.ts';

const strided = (stride: number): Attributes => ({
  strides: [stride, stride],
  pad: 'same',
  dataFormat: 'NHWC',
  dilations: 1,
});

export const layers = {
  matMul: (node, on, a, b) => {
    const product = on.run(
      'BatchMatMul',
      { a: reshaped(on, a, [1, ...a.shape]), b: reshaped(on, b, [1, ...b.shape]) },
      node.attributes,
    );
    return reshaped(on, product, outputOf(node, 0).shape);
  },
  biasAdd: (_, on, x, bias) => on.run('Add', { a: x, b: bias }),
  biasAddGradient: (_, on, dy) => overPixels(on, dy),

  conv2d: (node, on, x, filter) => on.run('Conv2D', { x, filter }, strided(node.attributes.stride)),
  conv2dInputGradient: (node, on, dy, filter) =>
    on.run(
      'Conv2DBackpropInput',
      { dy, filter },
      { ...strided(node.attributes.stride), inputShape: outputOf(node, 0).shape },
    ),
  conv2dFilterGradient: (node, on, x, dy) =>
    on.run(
      'Conv2DBackpropFilter',
      { x, dy },
      { ...strided(node.attributes.stride), filterShape: outputOf(node, 0).shape },
    ),

  // What it keeps for its gradient are mean and biased variance, as on TensorFlow's processor, and nothing.
  batchNorm: (node, on, x, gain, bias) => {
    const count = pixelsOf(x);
    const mean = on.run('Multiply', { a: overPixels(on, x), b: scalar(on, 1 / count) });
    const squares = on.run('Square', { x: on.run('Sub', { a: x, b: mean }) });
    const variance = on.run('Multiply', { a: overPixels(on, squares), b: scalar(on, 1 / count) });
    const unbiased = on.run('Multiply', { a: variance, b: scalar(on, count / Math.max(1, count - 1)) });
    const y = normalised(on, { x, mean, variance, gain, bias }, node.attributes.epsilon);
    const nothing = on.make({ dtype: 'float32', shape: [0] }, new Float32Array(0));
    return [y, mean, unbiased, on.share(mean), variance, nothing];
  },
  // With x̂ normalised and n elements a channel: dx = gain·(dy - Σdy/n - x̂·Σ(dy·x̂)/n)/√(variance + ε).
  batchNormGradient: (node, on, dy, x, gain, mean, variance) => {
    const one = on.make({ dtype: 'float32', shape: gain.shape }, new Float32Array(sizeOf(gain.shape)).fill(1));
    const zero = on.make({ dtype: 'float32', shape: gain.shape }, new Float32Array(sizeOf(gain.shape)));
    const { epsilon } = node.attributes;
    const hat = normalised(on, { x, mean, variance, gain: one, bias: zero }, epsilon);
    const [dBias, dGain] = [overPixels(on, dy), overPixels(on, on.run('Multiply', { a: dy, b: hat }))];
    const share = (sum: Value) => on.run('Multiply', { a: sum, b: scalar(on, 1 / pixelsOf(x)) });
    const along = on.run('Multiply', { a: hat, b: share(dGain) });
    const centred = on.run('Sub', { a: on.run('Sub', { a: dy, b: share(dBias) }), b: along });
    const root = on.run('Rsqrt', { x: on.run('Add', { a: variance, b: scalar(on, epsilon) }) });
    const dx = on.run('Multiply', { a: centred, b: on.run('Multiply', { a: gain, b: root }) });
    return [dx, dGain, dBias];
  },
  batchNormInference: (node, on, x, gain, bias, mean, variance) =>
    normalised(on, { x, mean, variance, gain, bias }, node.attributes.epsilon),
} satisfies Partial<Kernels>;

/** Elements a channel. */
const pixelsOf = ({ shape }: Value): number => sizeOf(shape.slice(0, -1));

/** Sum over all axes but the last. */
function overPixels(on: Frame, x: Value): Value {
  const axis = x.shape.slice(0, -1).map((_, axis) => axis);
  return on.run('Sum', { x }, { axis, keepDims: false });
}

/** `gain · (x - mean) / √(variance + epsilon) + bias`. */
function normalised(
  on: Frame,
  { x, mean, variance, gain, bias }: Record<'x' | 'mean' | 'variance' | 'gain' | 'bias', Value>,
  epsilon: number,
): Value {
  return on.run('FusedBatchNorm', { x, mean, variance, scale: gain, offset: bias }, { varianceEpsilon: epsilon });
}
