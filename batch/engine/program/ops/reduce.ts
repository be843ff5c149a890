/** Sums and what is made of them; knows no loss. */
import { emitOne } from '../graph.ts';
import { axesOf, repeatedAxes, sizeOf } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { reshape } from './arrange.ts';
import { refuseShapes, requireFloats } from './check.ts';
import { scale } from './elementwise.ts';

/** Sum over `axes`, by default all; the axes vanish. */
export function sum(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  requireFloats('sum', [x]);
  if (axes.some((axis) => x.shape[axis] === undefined)) {
    return refuseShapes('sum', [x], `has no axes ${axes.join(', ')}`);
  }
  if (axes.length === 0) return x;
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  return emitOne(x.node.graph, 'sum', [x], { axes }, { dtype: x.dtype, shape });
}

/** Mean over `axes`, by default all; the axes vanish. */
export function mean(x: Tensor, axes: readonly number[] = axesOf(x.shape)): Tensor {
  return scale(sum(x, axes), 1 / sizeOf(axes.map((axis) => x.shape[axis] ?? 1)));
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
