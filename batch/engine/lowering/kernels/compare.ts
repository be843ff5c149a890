/** Comparisons, logic, and choices by them. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Node } from '../../program/tensor.ts';
import { type Emitter, type } from '../emitter.ts';
import { direct, type Kernels } from './kernel.ts';

const logic =
  (op: string) =>
  (node: Node<OpName>, to: Emitter): string =>
    to.op(op, node.inputs.map(to.ref), {});

export const compare = {
  greater: direct('Greater'),
  greaterEqual: direct('GreaterEqual'),
  equal: direct('Equal'),
  isFinite: direct('IsFinite'),
  and: logic('LogicalAnd'),
  or: logic('LogicalOr'),
  not: logic('LogicalNot'),
  select: (node, to) => to.op('SelectV2', node.inputs.map(to.ref), { T: type(outputOf(node, 0).dtype) }),
  argMax: (node, to) => {
    const x = inputOf(node, 0);
    const types = { T: type(x.dtype), Tidx: type('int32'), output_type: type('int32') };
    return to.op('ArgMax', [to.ref(x), to.ints(x.shape.length - 1)], types);
  },
} satisfies Partial<Kernels>;
