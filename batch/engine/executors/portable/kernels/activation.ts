/** Activations, their gradients, and softmax. */
import type { Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { chosen } from './compare.ts';
import { scalar, scaled, unary } from './plain.ts';

export const activation = {
  relu: unary('Relu'),
  // A product, as TensorFlow has it: a gradient that is not finite stays so where y is 0.
  reluGradient: (_, on, dy, y) => on.run('Multiply', { a: dy, b: isPositive(on, y) }),
  leakyRelu: (node, on, x) => on.run('LeakyRelu', { x }, { alpha: Math.fround(node.attributes.slope) }),
  leakyReluGradient: (node, on, dy, y) =>
    chosen(on, isPositive(on, y), dy, scaled(on, dy, Math.fround(node.attributes.slope))),
  tanh: unary('Tanh'),
  tanhGradient: (_, on, y, dy) => {
    const slope = on.run('Sub', { a: scalar(on, 1), b: on.run('Square', { x: y }) });
    return on.run('Multiply', { a: dy, b: slope });
  },
  sigmoid: unary('Sigmoid'),
  softplus: unary('Softplus'),
  elu: unary('Elu'),
  softmax: (_, on, logits) => on.run('Softmax', { logits }, { dim: logits.shape.length - 1 }),
  logSoftmax: (_, on, x) => {
    const last = x.shape.length - 1;
    const largest = on.run('Max', { x }, { reductionIndices: [last], keepDims: true });
    const below = on.run('Sub', { a: x, b: largest });
    const sum = on.run('Sum', { x: on.run('Exp', { x: below }) }, { axis: [last], keepDims: true });
    return on.run('Sub', { a: below, b: on.run('Log', { x: sum }) });
  },
} satisfies Partial<Kernels>;

const isPositive = (on: Frame, y: Value): Value => on.run('Greater', { a: y, b: scalar(on, 0) });
