/** Gradients of arithmetic and activations, first and higher order. */
import { inputOf, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import type { Rules } from '../rule.ts';

const { divide, multiply, negate, scale, square, subtract, sumTo } = ops;

export const elementwise: Rules = {
  add: (node, dy) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => sumTo(dy, a.shape), () => sumTo(dy, b.shape)];
  },
  subtract: (node, dy) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => sumTo(dy, a.shape), () => sumTo(negate(dy), b.shape)];
  },
  multiply: (node, dy) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => sumTo(multiply(dy, b), a.shape), () => sumTo(multiply(dy, a), b.shape)];
  },
  divide: (node, dy) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const quotient = outputOf(node, 0);
    return [() => sumTo(divide(dy, b), a.shape), () => sumTo(negate(divide(multiply(dy, quotient), b)), b.shape)];
  },
  negate: (_, dy) => [() => negate(dy)],
  square: (node, dy) => [() => scale(multiply(dy, inputOf(node, 0)), 2)],
  sqrt: (node, dy) => [() => scale(divide(dy, outputOf(node, 0)), 0.5)],
  rsqrt: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => scale(multiply(dy, multiply(square(y), y)), -0.5)];
  },
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
  cast: (node, dy) => {
    const x = inputOf(node, 0);
    const floating = x.dtype === 'float32' || x.dtype === 'float64';
    return [floating ? () => ops.cast(dy, x.dtype) : null];
  },
  select: (node, dy) => {
    const [condition, yes, no] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const zero = ops.scalarLike(dy, 0);
    return [
      null,
      () => sumTo(ops.select(condition, dy, zero), yes.shape),
      () => sumTo(ops.select(condition, zero, dy), no.shape),
    ];
  },
};
