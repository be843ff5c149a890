/** Gradients of operations that move elements. */
import { inputOf } from '../../program/graph.ts';
import { gather, pad, reshape, reverse, scatterAdd, slice, sumTo, transpose } from '../../program/index.ts';
import type { Rules } from '../rule.ts';

export const arrange: Rules = {
  waitFor: (_, dy) => [() => dy],
  reshape: (node, dy) => [() => reshape(dy, inputOf(node, 0).shape)],
  transpose: (node, dy) => {
    const { permutation } = node.attributes;
    const back = permutation.map((_, axis) => permutation.indexOf(axis));
    return [() => transpose(dy, back)];
  },
  reverse: (node, dy) => [() => reverse(dy, node.attributes.axes)],
  broadcastTo: (node, dy) => [() => sumTo(dy, inputOf(node, 0).shape)],
  concat: (node, dy) => {
    const { axis } = node.attributes;
    let from = 0;
    return node.inputs.map(({ shape }) => {
      const begin = shape.map((_, at) => (at === axis ? from : 0));
      from += shape[axis] ?? 0;
      return () => slice(dy, begin, shape);
    });
  },
  slice: (node, dy) => [() => pad(dy, node.attributes.begin, inputOf(node, 0).shape)],
  pad: (node, dy) => [() => slice(dy, node.attributes.before, inputOf(node, 0).shape)],
  // Rows may repeat: the gradient to a row is the sum of all its copies'.
  gather: (node, dy) => {
    const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => scatterAdd(dy, indices, x.shape[0] ?? 0), null];
  },
  scatterAdd: (node, dy) => [() => gather(dy, inputOf(node, 1)), null],
};
