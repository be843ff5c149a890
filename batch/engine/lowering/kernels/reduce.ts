/** Sums and extremes. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { Node } from '../../program/tensor.ts';
import { type Emitter, type } from '../emitter.ts';
import { direct, type Kernels } from './kernel.ts';

const reduction =
  (op: string) =>
  (node: Node<'sum' | 'max' | 'min'>, to: Emitter): string => {
    const inputs = [to.ref(inputOf(node, 0)), to.ints(node.attributes.axes)];
    return to.op(op, inputs, { T: type(outputOf(node, 0).dtype), Tidx: type('int32') });
  };

export const reduce = {
  sum: reduction('Sum'),
  max: reduction('Max'),
  min: reduction('Min'),
  halfSquareSum: direct('L2Loss'),
} satisfies Partial<Kernels>;
