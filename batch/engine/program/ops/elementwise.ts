/** Arithmetic, element by element; knows no layer. */
import { emitOne, inPrecision } from '../graph.ts';
import type { DType, Tensor } from '../tensor.ts';
import { requireFloats } from './check.ts';
import { filled, scalarLike } from './constant.ts';
import { binary, unary } from './plain.ts';

/** `a + b`, with NumPy's broadcasting, as all of this family. */
export const add = (a: Tensor, b: Tensor): Tensor => binary('add', a, b);
export const subtract = (a: Tensor, b: Tensor): Tensor => binary('subtract', a, b);
export const multiply = (a: Tensor, b: Tensor): Tensor => binary('multiply', a, b);
export const divide = (a: Tensor, b: Tensor): Tensor => binary('divide', a, b);
/** The larger one. Where both are equal the gradient is the first's. */
export const maximum = (a: Tensor, b: Tensor): Tensor => binary('maximum', a, b);
/** The smaller one. Where both are equal the gradient is the first's. */
export const minimum = (a: Tensor, b: Tensor): Tensor => binary('minimum', a, b);

/** `x · factor` for a number known when the program is built. */
export const scale = (x: Tensor, factor: number): Tensor => multiply(x, scalarLike(x, factor));
/** `x + term` for a number known when the program is built. */
export const shift = (x: Tensor, term: number): Tensor => add(x, scalarLike(x, term));
/** `x`, but no less than `least` and no more than `most`. Beyond them the gradient is 0. */
export const clip = (x: Tensor, least: number, most: number): Tensor =>
  minimum(maximum(x, scalarLike(x, least)), scalarLike(x, most));

export const negate = (x: Tensor): Tensor => unary('negate', x);
export const square = (x: Tensor): Tensor => unary('square', x);
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
/** `1 / √x`. */
export const rsqrt = (x: Tensor): Tensor => unary('rsqrt', x);
/** eˣ. */
export const exp = (x: Tensor): Tensor => unary('exp', x);
/** Natural logarithm. */
export const log = (x: Tensor): Tensor => unary('log', x);
export const sin = (x: Tensor): Tensor => unary('sin', x);
export const cos = (x: Tensor): Tensor => unary('cos', x);
/** `2/√π ∫₀ˣ exp(-t²) dt`. */
export const erf = (x: Tensor): Tensor => unary('erf', x);
/** |x|; its gradient at 0 is 0. */
export const abs = (x: Tensor): Tensor => unary('abs', x);
/** -1, 0 or 1; its gradient is 0. */
export const sign = (x: Tensor): Tensor => unary('sign', x);
/** The largest whole number that is no larger; its gradient is 0. */
export const floor = (x: Tensor): Tensor => unary('floor', x);

/** `x` to the power of a number known when the program is built. */
export function power(x: Tensor, exponent: number): Tensor {
  requireFloats('power', [x]);
  if (exponent === 0) return filled(x.node.graph, 1, x.shape, x.dtype);
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  return emitOne(x.node.graph, 'power', [x], { exponent }, x);
}

/** The value of `x`, for the gradient a constant. */
export function stopGradient(x: Tensor): Tensor {
  return emitOne(x.node.graph, 'stopGradient', [x], {}, x);
}

/** The same numbers in another element type; float to integer truncates. */
export function cast(x: Tensor, declared: DType): Tensor {
  const dtype = inPrecision(x.node.graph, declared);
  return x.dtype === dtype ? x : emitOne(x.node.graph, 'cast', [x], {}, { dtype, shape: x.shape });
}
