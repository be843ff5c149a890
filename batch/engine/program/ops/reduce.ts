/** Sums and extremes; knows no loss. */
import { emitOne } from '../graph.ts';
import { axesOf, repeatedAxes, sizeOf } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { reshape } from './arrange.ts';
import { requireAxes, requireFloats } from './check.ts';
import { scale } from './elementwise.ts';

/** Sum over `axes`, by default all; the axes vanish. */
export function sum(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  return reduced('sum', x, axes);
}

/** Largest element over `axes`, by default all; the axes vanish. Equal ones share the gradient. */
export function max(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  return reduced('max', x, axes);
}

/** Smallest element over `axes`, by default all; the axes vanish. Equal ones share the gradient. */
export function min(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  return reduced('min', x, axes);
}

function reduced(op: 'sum' | 'max' | 'min', x: Tensor, axes: readonly number[]): Tensor {
  requireFloats(op, [x]);
  requireAxes(op, x, axes);
  if (axes.length === 0) return x;
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  return emitOne(x.node.graph, op, [x], { axes }, { dtype: x.dtype, shape });
}

/** Mean over `axes`, by default all; the axes vanish. */
export function mean(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  return scale(sum(x, axes), 1 / sizeOf(axes.map((axis) => x.shape[axis] ?? 1)));
}

/** The shape of `x` with length 1 along `axes`: what a reduction of it is reshaped to, to stand beside it again. */
export function keptShape({ shape }: Tensor, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

/** `½ Σ x²`, in one pass. */
export function halfSquareSum(x: Tensor): Tensor {
  requireFloats('halfSquareSum', [x]);
  return emitOne(x.node.graph, 'halfSquareSum', [x], {}, { dtype: x.dtype, shape: [] });
}

/** Sums what broadcasting repeated: the gradient of an operand of `shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  return reshape(sum(x, repeatedAxes(x.shape, shape)), shape);
}
