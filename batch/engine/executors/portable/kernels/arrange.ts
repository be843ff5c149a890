/** Operations that move elements. */
import { EngineError } from '../../../errors.ts';
import { outputOf } from '../../../program/graph.ts';
import { sizeOf } from '../../../program/shape.ts';
import { reshaped } from '../cpu.ts';
import type { Kernels } from '../frame.ts';
import { repeated } from './plain.ts';

export const arrange = {
  reshape: (node, on, x) => reshaped(on, x, outputOf(node, 0).shape),
  transpose: (node, on, x) => on.run('Transpose', { x }, { perm: node.attributes.permutation }),
  reverse: (node, on, x) => on.run('Reverse', { x }, { dims: node.attributes.axes }),
  broadcastTo: (node, on, x) => repeated(on, x, outputOf(node, 0).shape),
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
  // TF.js's UnsortedSegmentSum multiplies all rows with zeros: one that is not finite would be in every sum.
  scatterAdd: (node, on, x, indices) => {
    const { rows } = node.attributes;
    const type = outputOf(node, 0);
    const length = sizeOf(type.shape.slice(1));
    const [sums, values] = [new Float32Array(rows * length), on.numbers(x)];
    on.numbers(indices).forEach((row, from) => {
      if (row >= rows) throw new EngineError('NATIVE', `${node.name}: row ${row} is not in [0, ${rows})`);
      // A negative number is no row's, as in TensorFlow.
      for (let at = 0; row >= 0 && at < length; at++) {
        sums[row * length + at] = (sums[row * length + at] ?? 0) + (values[from * length + at] ?? 0);
      }
    });
    return on.make(type, sums);
  },
} satisfies Partial<Kernels>;
