/** Reductions, and operations that move elements. */
import { outputOf } from '../../../program/graph.ts';
import { reshaped } from '../cpu.ts';
import type { Kernels } from '../frame.ts';
import { repeated, scalar } from './elementwise.ts';

export const arrange = {
  reshape: (node, on, x) => reshaped(on, x, outputOf(node, 0).shape),
  broadcastTo: (node, on, x) => repeated(on, x, outputOf(node, 0).shape),
  sum: (node, on, x) => on.run('Sum', { x }, { axis: node.attributes.axes, keepDims: false }),
  halfSquareSum: (_, on, x) => {
    const axis = x.shape.map((_, axis) => axis);
    const sum = on.run('Sum', { x: on.run('Square', { x }) }, { axis, keepDims: false });
    return on.run('Multiply', { a: sum, b: scalar(on, 0.5) });
  },
  concat: (node, on, ...parts) => on.run('Concat', parts, { axis: node.attributes.axis }),
  slice: (node, on, x) => on.run('Slice', { x }, { begin: node.attributes.begin, size: outputOf(node, 0).shape }),
  pad: (node, on, x) => {
    const { shape } = outputOf(node, 0);
    const paddings = node.attributes.before.map((before, axis) => [
      before,
      (shape[axis] ?? 0) - before - (x.shape[axis] ?? 0),
    ]);
    return on.run('PadV2', { x }, { paddings, constantValue: 0 });
  },
  gather: (_, on, x, indices) => on.run('GatherV2', { x, indices }, { axis: 0, batchDims: 0 }),
} satisfies Partial<Kernels>;
