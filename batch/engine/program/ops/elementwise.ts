/** Arithmetic and activations, element by element; knows no layer. */
import { emitOne } from '../graph.ts';
import { broadcast, sameShape } from '../shape.ts';
import type { ElementType, Tensor } from '../tensor.ts';
import { FLOATS, refuseShapes, requireFloats, requireOneType, requireType } from './check.ts';
import { scalarLike } from './constant.ts';
import type { OpAttributes, OpName } from './table.ts';

/** Operations without attributes: those that the two helpers below can emit. */
type Plain = { [O in OpName]: keyof OpAttributes[O] extends never ? O : never }[OpName];

function unary(op: Plain, x: Tensor): Tensor {
  requireFloats(op, [x]);
  return emitOne(x.node.graph, op, [x], {} as OpAttributes[typeof op], x);
}

function binary(op: Plain, a: Tensor, b: Tensor): Tensor {
  requireFloats(op, [a, b]);
  const shape = broadcast(a.shape, b.shape);
  if (!shape) return refuseShapes(op, [a, b], 'do not broadcast');
  return emitOne(a.node.graph, op, [a, b], {} as OpAttributes[typeof op], { dtype: a.dtype, shape });
}

/** `a + b`, with NumPy's broadcasting, as all of this family. */
export const add = (a: Tensor, b: Tensor): Tensor => binary('add', a, b);
export const subtract = (a: Tensor, b: Tensor): Tensor => binary('subtract', a, b);
export const multiply = (a: Tensor, b: Tensor): Tensor => binary('multiply', a, b);
export const divide = (a: Tensor, b: Tensor): Tensor => binary('divide', a, b);

/** `x · factor` for a number known when the program is built. */
export const scale = (x: Tensor, factor: number): Tensor => multiply(x, scalarLike(x, factor));
/** `x + term` for a number known when the program is built. */
export const shift = (x: Tensor, term: number): Tensor => add(x, scalarLike(x, term));

export const negate = (x: Tensor): Tensor => unary('negate', x);
export const square = (x: Tensor): Tensor => unary('square', x);
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
/** `1 / √x`. */
export const rsqrt = (x: Tensor): Tensor => unary('rsqrt', x);
export const relu = (x: Tensor): Tensor => unary('relu', x);
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** `1 / (1 + exp(-x))`. */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** `log(1 + exp(x))`, without overflow. */
export const softplus = (x: Tensor): Tensor => unary('softplus', x);

/** `max(x, slope · x)`. */
export function leakyRelu(x: Tensor, slope = 0.2): Tensor {
  requireFloats('leakyRelu', [x]);
  return emitOne(x.node.graph, 'leakyRelu', [x], { slope }, x);
}

/** `dy` where `y = relu(x)` is positive, 0 elsewhere. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return sameShape(dy.shape, y.shape) ? binary('reluGradient', dy, y) : refuseShapes('reluGradient', [dy, y], 'differ');
}

/** `dy` where `y = leakyRelu(x)` is positive, `slope · dy` elsewhere; y has x's sign. */
export function leakyReluGradient(dy: Tensor, y: Tensor, slope: number): Tensor {
  requireFloats('leakyReluGradient', [dy, y]);
  if (!sameShape(dy.shape, y.shape)) return refuseShapes('leakyReluGradient', [dy, y], 'differ');
  return emitOne(dy.node.graph, 'leakyReluGradient', [dy, y], { slope }, dy);
}

/** `dy · (1 - y²)` where `y = tanh(x)`. */
export function tanhGradient(y: Tensor, dy: Tensor): Tensor {
  return sameShape(dy.shape, y.shape) ? binary('tanhGradient', y, dy) : refuseShapes('tanhGradient', [y, dy], 'differ');
}

/** The same numbers in another element type; float to integer truncates. */
export function cast(x: Tensor, dtype: ElementType): Tensor {
  return x.dtype === dtype ? x : emitOne(x.node.graph, 'cast', [x], {}, { dtype, shape: x.shape });
}

/** bool: `a ≥ b`, for floats or bytes. */
export function greaterEqual(a: Tensor, b: Tensor): Tensor {
  requireOneType('greaterEqual', [a, b], [...FLOATS, 'uint8']);
  const shape = broadcast(a.shape, b.shape);
  if (!shape) return refuseShapes('greaterEqual', [a, b], 'do not broadcast');
  return emitOne(a.node.graph, 'greaterEqual', [a, b], {}, { dtype: 'bool', shape });
}

/** bool: neither NaN nor infinite. */
export function areFinite(x: Tensor): Tensor {
  requireFloats('isFinite', [x]);
  return emitOne(x.node.graph, 'isFinite', [x], {}, { dtype: 'bool', shape: x.shape });
}

/** bool: both. */
export function and(a: Tensor, b: Tensor): Tensor {
  requireType('and', [a, b], ['bool']);
  const shape = broadcast(a.shape, b.shape);
  if (!shape) return refuseShapes('and', [a, b], 'do not broadcast');
  return emitOne(a.node.graph, 'and', [a, b], {}, { dtype: 'bool', shape });
}

/** `yes` where `condition` holds, `no` elsewhere; nothing of the value not taken comes through, not even a NaN. */
export function select(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  requireType('select', [condition], ['bool']);
  const values = broadcast(yes.shape, no.shape);
  const shape = values && broadcast(condition.shape, values);
  if (!shape || yes.dtype !== no.dtype) return refuseShapes('select', [condition, yes, no], 'do not fit');
  return emitOne(yes.node.graph, 'select', [condition, yes, no], {}, { dtype: yes.dtype, shape });
}
