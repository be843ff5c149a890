/** Gradients of arithmetic, element by element. */
import { inputOf, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import type { AnyNode, Tensor } from '../../program/tensor.ts';
import type { InputGradient, Rules } from '../rule.ts';

const { divide, multiply, negate, scale, select, square, sumTo } = ops;

/** Each operand's share of `dy`: the first's where `mask` holds, the second's elsewhere. */
function chosen(node: AnyNode, dy: Tensor, mask: (a: Tensor, b: Tensor) => Tensor): readonly InputGradient[] {
  const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
  const zero = ops.scalarLike(dy, 0);
  return [() => sumTo(select(mask(a, b), dy, zero), a.shape), () => sumTo(select(mask(a, b), zero, dy), b.shape)];
}

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
  maximum: (node, dy) => chosen(node, dy, ops.greaterEqual),
  minimum: (node, dy) => chosen(node, dy, ops.lessEqual),
  negate: (_, dy) => [() => negate(dy)],
  square: (node, dy) => [() => scale(multiply(dy, inputOf(node, 0)), 2)],
  sqrt: (node, dy) => [() => scale(divide(dy, outputOf(node, 0)), 0.5)],
  rsqrt: (node, dy) => {
    const y = outputOf(node, 0);
    return [() => scale(multiply(dy, multiply(square(y), y)), -0.5)];
  },
  power: (node, dy) => {
    const { exponent } = node.attributes;
    return [() => multiply(dy, scale(ops.power(inputOf(node, 0), exponent - 1), exponent))];
  },
  exp: (node, dy) => [() => multiply(dy, outputOf(node, 0))],
  log: (node, dy) => [() => divide(dy, inputOf(node, 0))],
  sin: (node, dy) => [() => multiply(dy, ops.cos(inputOf(node, 0)))],
  cos: (node, dy) => [() => negate(multiply(dy, ops.sin(inputOf(node, 0))))],
  erf: (node, dy) => {
    const density = () => scale(ops.exp(negate(square(inputOf(node, 0)))), 2 / Math.sqrt(Math.PI));
    return [() => multiply(dy, density())];
  },
  abs: (node, dy) => [() => multiply(dy, ops.sign(inputOf(node, 0)))],
  sign: () => [null],
  floor: () => [null],
  cast: (node, dy) => {
    const x = inputOf(node, 0);
    const floating = x.dtype === 'float32' || x.dtype === 'float64' || x.dtype === 'bfloat16';
    return [floating ? () => ops.cast(dy, x.dtype) : null];
  },
  stopGradient: () => [null],
  select: (node, dy) => {
    const [condition, yes, no] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const zero = ops.scalarLike(dy, 0);
    return [
      null,
      () => sumTo(select(condition, dy, zero), yes.shape),
      () => sumTo(select(condition, zero, dy), no.shape),
    ];
  },
};
