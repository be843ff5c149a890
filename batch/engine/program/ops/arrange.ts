/** Operations that move elements without computing on them; knows no arithmetic. */
import { emitOne } from '../graph.ts';
import { axesOf, broadcast, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { refuseShapes, requireAxes } from './check.ts';

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

/** Axis `i` of the result is axis `permutation[i]` of `x`; by default all axes in reverse. */
export function transpose(x: Tensor, permutation: readonly number[] = axesOf(x.shape).toReversed()): Tensor {
  const axes = permutation.toSorted((a, b) => a - b);
  if (!sameShape(axes, axesOf(x.shape))) {
    return refuseShapes('transpose', [x], `has no axes in the order ${permutation.join(', ')}`);
  }
  if (sameShape(permutation, axes)) return x;
  const shape = permutation.map((axis) => x.shape[axis] ?? 0);
  return emitOne(x.node.graph, 'transpose', [x], { permutation }, { dtype: x.dtype, shape });
}

/** Last element first along each of `axes`. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  requireAxes('reverse', x, axes);
  return axes.length === 0 ? x : emitOne(x.node.graph, 'reverse', [x], { axes }, x);
}

/** One after the other along an axis. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('concat: nothing to join');
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

/** `count` parts of equal length along an axis: what {@link concat} undoes. */
export function split(x: Tensor, count: number, axis: number): Tensor[] {
  const length = (x.shape[axis] ?? Number.NaN) / count;
  if (!Number.isInteger(length) || length === 0) {
    return refuseShapes('split', [x], `has no ${count} equal parts along axis ${axis}`);
  }
  const shape = x.shape.with(axis, length);
  return Array.from({ length: count }, (_, part) => slice(x, x.shape.map(() => 0).with(axis, part * length), shape));
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

/** Pixels by which an image `[n, h, w, channels]` grows on each side. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Images in a border of zeros. */
export function padZero(x: Tensor, { top, bottom, left, right }: Border): Tensor {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  if (x.shape.length !== 4) return refuseShapes('padZero', [x], 'is no batch of images');
  return pad(x, [0, top, left, 0], [n, top + height + bottom, left + width + right, channels]);
}

/** Images in a border that mirrors them: `c b | a b c | b a`, the pixels at the edge once. */
export function padReflect(x: Tensor, { top, bottom, left, right }: Border): Tensor {
  if (x.shape.length !== 4) return refuseShapes('padReflect', [x], 'is no batch of images');
  return mirrored(mirrored(x, 1, top, bottom), 2, left, right);
}

function mirrored(x: Tensor, axis: number, before: number, after: number): Tensor {
  const length = x.shape[axis] ?? 0;
  if (Math.max(before, after) >= length) {
    return refuseShapes('padReflect', [x], `is too small for a border of ${before} and ${after} along axis ${axis}`);
  }
  const part = (from: number, count: number) =>
    reverse(slice(x, x.shape.map(() => 0).with(axis, from), x.shape.with(axis, count)), [axis]);
  const parts = [...(before > 0 ? [part(1, before)] : []), x, ...(after > 0 ? [part(length - 1 - after, after)] : [])];
  return concat(parts, axis);
}
