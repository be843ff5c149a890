/** Gradients of reductions and of operations that move elements. */
import { inputOf } from '../../program/graph.ts';
import { broadcastTo, multiply, pad, reshape, slice, sumTo } from '../../program/index.ts';
import type { Rules } from '../rule.ts';

export const arrange: Rules = {
  reshape: (node, dy) => [() => reshape(dy, inputOf(node, 0).shape)],
  broadcastTo: (node, dy) => [() => sumTo(dy, inputOf(node, 0).shape)],
  sum: (node, dy) => {
    const { shape } = inputOf(node, 0);
    const kept = shape.map((length, axis) => (node.attributes.axes.includes(axis) ? 1 : length));
    return [() => broadcastTo(reshape(dy, kept), shape)];
  },
  halfSquareSum: (node, dy) => [() => multiply(dy, inputOf(node, 0))],
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
  // A gather's rows may repeat: its gradient is a scatter, which no model here needs.
};
