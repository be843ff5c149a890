/** Gradients of activations and of softmax. */
import { inputOf, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Rules } from '../rule.ts';

const { multiply, scale, square, subtract } = ops;

/** Sums over the last axis, in the shape that broadcasts against `x`. */
function sumOfRows(x: Tensor): Tensor {
  const last = [x.shape.length - 1];
  return ops.reshape(ops.sum(x, last), ops.keptShape(x, last));
}

export const activation: Rules = {
  // By the output, not the input: it has the same sign, and TensorFlow fuses convolution, bias and activation only when
  // nothing else reads what lies between them.
  relu: (node, dy) => [() => ops.reluGradient(dy, outputOf(node, 0))],
  reluGradient: (node, dy) => [() => ops.reluGradient(dy, inputOf(node, 1)), null],
  leakyRelu: (node, dy) => [() => ops.leakyReluGradient(dy, outputOf(node, 0), node.attributes.slope)],
  leakyReluGradient: (node, dy) => [() => ops.leakyReluGradient(dy, inputOf(node, 1), node.attributes.slope), null],
  tanh: (node, dy) => [() => ops.tanhGradient(outputOf(node, 0), dy)],
  tanhGradient: (node, dy) => {
    const [y, inner] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => scale(multiply(multiply(dy, inner), y), -2), () => ops.tanhGradient(y, dy)];
  },
  sigmoid: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => multiply(dy, subtract(y, square(y)))];
  },
  softplus: (node, dy) => [() => multiply(dy, ops.sigmoid(inputOf(node, 0)))],
  // exp(x) is y + 1 where x and y are negative, and the slope is 1 elsewhere.
  elu: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => multiply(dy, ops.shift(ops.minimum(y, ops.scalarLike(y, 0)), 1))];
  },
  softmax: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => multiply(y, subtract(dy, sumOfRows(multiply(dy, y))))];
  },
  logSoftmax: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => subtract(dy, multiply(ops.exp(y), sumOfRows(dy)))];
  },
};
