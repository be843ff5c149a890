/** Arithmetic of shapes; knows no operation. */
import type { Shape } from './tensor.ts';

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** All axes of a shape, in order. */
export function axesOf(shape: Shape): number[] {
  return shape.map((_, axis) => axis);
}

/** The shape two operands have together, by NumPy's rule; null where they do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Axes of `full` along which a value of shape `part` was repeated. */
export function repeatedAxes(full: Shape, part: Shape): number[] {
  const missing = full.length - part.length;
  return axesOf(full).filter((axis) => axis < missing || (part[axis - missing] === 1 && full[axis] !== 1));
}

/** `[32, 28, 28, 1]`, as messages write shapes. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
