/** Sums and extremes. */
import { axesOf } from '../../../program/shape.ts';
import type { Kernels } from '../frame.ts';
import { scaled } from './plain.ts';

export const reduce = {
  sum: (node, on, x) => on.run('Sum', { x }, { axis: node.attributes.axes, keepDims: false }),
  max: (node, on, x) => on.run('Max', { x }, { reductionIndices: node.attributes.axes, keepDims: false }),
  min: (node, on, x) => on.run('Min', { x }, { axis: node.attributes.axes, keepDims: false }),
  halfSquareSum: (_, on, x) => {
    const sum = on.run('Sum', { x: on.run('Square', { x }) }, { axis: axesOf(x.shape), keepDims: false });
    return scaled(on, sum, 0.5);
  },
} satisfies Partial<Kernels>;
