/** Products of matrices, and biases. */
import type { Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { binary } from './plain.ts';

export const linear = {
  matMul: (node, on, a, b) => on.run('BatchMatMul', { a, b }, node.attributes),
  biasAdd: binary('Add'),
  biasAddGradient: (_, on, dy) => overPixels(on, dy),
} satisfies Partial<Kernels>;

/** Sum over all axes but the last. */
export function overPixels(on: Frame, x: Value): Value {
  const axis = x.shape.slice(0, -1).map((_, axis) => axis);
  return on.run('Sum', { x }, { axis, keepDims: false });
}
