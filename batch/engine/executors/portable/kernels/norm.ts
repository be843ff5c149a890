/** Batch norm, NHWC. */
import { sizeOf } from '../../../program/shape.ts';
import type { Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { overPixels } from './linear.ts';
import { filled, scalar, scaled } from './plain.ts';

export const norm = {
  // What it keeps for its gradient are mean and biased variance, as on TensorFlow's processor, and nothing.
  batchNorm: (node, on, x, gain, bias) => {
    const count = pixelsOf(x);
    const mean = scaled(on, overPixels(on, x), 1 / count);
    const squares = on.run('Square', { x: on.run('Sub', { a: x, b: mean }) });
    const variance = scaled(on, overPixels(on, squares), 1 / count);
    const unbiased = scaled(on, variance, count / Math.max(1, count - 1));
    const y = normalised(on, { x, mean, variance, gain, bias }, node.attributes.epsilon);
    return [y, mean, unbiased, on.share(mean), variance, filled(on, 0, [0])];
  },
  // With x̂ normalised and n elements a channel: dx = gain·(dy - Σdy/n - x̂·Σ(dy·x̂)/n)/√(variance + ε).
  batchNormGradient: (node, on, dy, x, gain, mean, variance) => {
    const { epsilon } = node.attributes;
    const plain = { gain: filled(on, 1, gain.shape), bias: filled(on, 0, gain.shape) };
    const hat = normalised(on, { x, mean, variance, ...plain }, epsilon);
    const [dBias, dGain] = [overPixels(on, dy), overPixels(on, on.run('Multiply', { a: dy, b: hat }))];
    const share = (sum: Value) => scaled(on, sum, 1 / pixelsOf(x));
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

/** `gain · (x - mean) / √(variance + epsilon) + bias`. */
function normalised(
  on: Frame,
  { x, mean, variance, gain, bias }: Record<'x' | 'mean' | 'variance' | 'gain' | 'bias', Value>,
  epsilon: number,
): Value {
  return on.run('FusedBatchNorm', { x, mean, variance, scale: gain, offset: bias }, { varianceEpsilon: epsilon });
}
