/** Operations that move elements without computing on them; knows no arithmetic. */
import { emitOne } from '../graph.ts';
import { broadcast, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { refuseShapes, requireType } from './check.ts';

/** The same elements in C order under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape)) return refuseShapes('reshape', [x], `does not fill ${showShape(shape)}`);
  return emitOne(x.node.graph, 'reshape', [x], {}, { dtype: x.dtype, shape });
}

/** Repeats along missing axes and axes of length 1. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const together = broadcast(x.shape, shape);
  if (!together || !sameShape(together, shape)) {
    return refuseShapes('broadcastTo', [x], `does not broadcast to ${showShape(shape)}`);
  }
  return emitOne(x.node.graph, 'broadcastTo', [x], {}, { dtype: x.dtype, shape });
}

/** One after the other along an axis. */
export function concat(parts: readonly [Tensor, ...Tensor[]], axis = 0): Tensor {
  const [first, ...rest] = parts;
  if (rest.length === 0) return first;
  const fits = ({ dtype, shape }: Tensor) =>
    dtype === first.dtype &&
    shape.length === first.shape.length &&
    shape.every((length, at) => at === axis || length === first.shape[at]);
  if (!rest.every(fits)) return refuseShapes('concat', parts, `do not join along axis ${axis}`);
  const length = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const shape = first.shape.map((own, at) => (at === axis ? length : own));
  return emitOne(first.node.graph, 'concat', parts, { axis }, { dtype: first.dtype, shape });
}

/** The block of `shape` that starts at `begin`. */
export function slice(x: Tensor, begin: Shape, shape: Shape): Tensor {
  const inside = (length: number, axis: number) => {
    const from = begin[axis] ?? -1;
    return from >= 0 && from + (shape[axis] ?? Number.NaN) <= length;
  };
  if (begin.length !== x.shape.length || shape.length !== x.shape.length || !x.shape.every(inside)) {
    return refuseShapes('slice', [x], `does not contain ${showShape(shape)} at ${showShape(begin)}`);
  }
  return sameShape(x.shape, shape) ? x : emitOne(x.node.graph, 'slice', [x], { begin }, { dtype: x.dtype, shape });
}

/** `count` rows from `from` on: a slice along the first axis. */
export function rows(x: Tensor, from: number, count: number): Tensor {
  const [, ...rest] = x.shape;
  return slice(x, [from, ...rest.map(() => 0)], [count, ...rest]);
}

/** Element `index` of a vector, as a scalar. */
export function element(vector: Tensor, index: number): Tensor {
  return reshape(slice(vector, [index], [1]), []);
}

/** `x` at `before` inside an array of zeros of `shape`: what {@link slice} undoes. */
export function pad(x: Tensor, before: Shape, shape: Shape): Tensor {
  const fits = (length: number, axis: number) => (before[axis] ?? Number.NaN) + (x.shape[axis] ?? 0) <= length;
  if (shape.length !== x.shape.length || !shape.every(fits)) {
    return refuseShapes('pad', [x], `does not fit into ${showShape(shape)} at ${showShape(before)}`);
  }
  return sameShape(x.shape, shape) ? x : emitOne(x.node.graph, 'pad', [x], { before }, { dtype: x.dtype, shape });
}

/** Rows of `x` by number: `[n, …]` and int32 `[k]` give `[k, …]`. */
export function gather(x: Tensor, indices: Tensor): Tensor {
  requireType('gather', [indices], ['int32']);
  const [, ...rest] = x.shape;
  if (x.shape.length === 0 || indices.shape.length !== 1) {
    return refuseShapes('gather', [x, indices], 'are not an array of rows and a list of indices');
  }
  return emitOne(x.node.graph, 'gather', [x, indices], {}, { dtype: x.dtype, shape: [...indices.shape, ...rest] });
}
