/** Kernels that TF.js has as they are, and numbers to compute with. */
import { sameShape } from '../../../program/shape.ts';
import type { Shape } from '../../../program/tensor.ts';
import { reshaped, type Value } from '../cpu.ts';
import type { Frame } from '../frame.ts';

/** A kernel of one array. */
export const unary =
  (kernel: string) =>
  (_: unknown, on: Frame, x: Value): Value =>
    on.run(kernel, { x });

/** A kernel of two arrays, which broadcast. */
export const binary =
  (kernel: string) =>
  (_: unknown, on: Frame, a: Value, b: Value): Value =>
    on.run(kernel, { a, b });

/** A float32 number to compute with. */
export const scalar = (on: Frame, value: number): Value => filled(on, value, []);

/** An array of one float32 number. */
export const filled = (on: Frame, value: number, shape: Shape): Value =>
  on.make({ dtype: 'float32', shape }, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));

/** `x · factor`. */
export const scaled = (on: Frame, x: Value, factor: number): Value =>
  on.run('Multiply', { a: x, b: scalar(on, factor) });

/** `x` along missing axes and axes of length 1 as often as `shape` says. */
export function repeated(on: Frame, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return on.share(x);
  const own = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const reps = shape.map((length, axis) => (own[axis] === length ? 1 : length));
  return on.run('Tile', { x: reshaped(on, x, own) }, { reps });
}
