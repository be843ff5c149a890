/** Operations that move elements. */
import { inputOf, outputOf } from '../../program/graph.ts';
import { type } from '../emitter.ts';
import type { Kernels } from './kernel.ts';

export const arrange = {
  reshape: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('Reshape', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
  transpose: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tperm: type('int32') };
    return to.op('Transpose', [to.ref(inputOf(node, 0)), to.ints(node.attributes.permutation)], types);
  },
  reverse: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tidx: type('int32') };
    return to.op('ReverseV2', [to.ref(inputOf(node, 0)), to.ints(node.attributes.axes)], types);
  },
  broadcastTo: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('BroadcastTo', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
  concat: (node, to) =>
    to.op('ConcatV2', [...node.inputs.map(to.ref), to.ints(node.attributes.axis)], {
      T: type(outputOf(node, 0).dtype),
      N: { int: node.inputs.length },
    }),
  slice: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const bounds = [to.ints(node.attributes.begin), to.ints(shape)];
    return to.op('Slice', [to.ref(inputOf(node, 0)), ...bounds], { T: type(dtype), Index: type('int32') });
  },
  pad: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const x = inputOf(node, 0);
    const margins = node.attributes.before.flatMap((before, axis) => [
      before,
      (shape[axis] ?? 0) - before - (x.shape[axis] ?? 0),
    ]);
    const paddings = to.op('Reshape', [to.ints(margins), to.ints([shape.length, 2])], { T: type('int32') }, 'paddings');
    return to.op('Pad', [to.ref(x), paddings], { T: type(dtype) });
  },
  gather: (node, to) => {
    const types = { Tparams: type(outputOf(node, 0).dtype), Tindices: type('int32'), Taxis: type('int32') };
    return to.op('GatherV2', [...node.inputs.map(to.ref), to.ints(0)], types);
  },
  scatterAdd: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tindices: type('int32'), Tnumsegments: type('int32') };
    return to.op('UnsortedSegmentSum', [...node.inputs.map(to.ref), to.ints(node.attributes.rows)], types);
  },
} satisfies Partial<Kernels>;
