/** Comparisons, logic, and choices by them; knows no arithmetic. */
import { emitOne } from '../graph.ts';
import { broadcast } from '../shape.ts';
import type { DType, Shape, Tensor } from '../tensor.ts';
import { reshape } from './arrange.ts';
import { FLOATS, refuseShapes, requireFloats, requireOneType, requireType } from './check.ts';
import { constant } from './constant.ts';
import { cast } from './elementwise.ts';

const NUMBERS: readonly DType[] = [...FLOATS, 'int32', 'uint8'];

function comparison(op: 'greater' | 'greaterEqual' | 'equal' | 'and' | 'or', a: Tensor, b: Tensor): Tensor {
  const logic = op === 'and' || op === 'or';
  requireOneType(op, [a, b], logic ? ['bool'] : NUMBERS);
  const shape = broadcast(a.shape, b.shape);
  if (!shape) return refuseShapes(op, [a, b], 'do not broadcast');
  return emitOne(a.node.graph, op, [a, b], {}, { dtype: 'bool', shape });
}

/** bool: `a > b`, with broadcasting and for numbers of one type, as all of this family. */
export const greater = (a: Tensor, b: Tensor): Tensor => comparison('greater', a, b);
export const greaterEqual = (a: Tensor, b: Tensor): Tensor => comparison('greaterEqual', a, b);
export const less = (a: Tensor, b: Tensor): Tensor => greater(b, a);
export const lessEqual = (a: Tensor, b: Tensor): Tensor => greaterEqual(b, a);
export const equal = (a: Tensor, b: Tensor): Tensor => comparison('equal', a, b);
export const notEqual = (a: Tensor, b: Tensor): Tensor => not(equal(a, b));

/** bool: both. */
export const and = (a: Tensor, b: Tensor): Tensor => comparison('and', a, b);
/** bool: at least one. */
export const or = (a: Tensor, b: Tensor): Tensor => comparison('or', a, b);

/** bool: the other one. */
export function not(x: Tensor): Tensor {
  requireType('not', [x], ['bool']);
  return emitOne(x.node.graph, 'not', [x], {}, x);
}

/** bool: neither NaN nor infinite. */
export function areFinite(x: Tensor): Tensor {
  requireFloats('isFinite', [x]);
  return emitOne(x.node.graph, 'isFinite', [x], {}, { dtype: 'bool', shape: x.shape });
}

/** `yes` where `condition` holds, `no` elsewhere; nothing of the value not taken comes through, not even a NaN. */
export function select(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  requireType('select', [condition], ['bool']);
  const values = broadcast(yes.shape, no.shape);
  const shape = values && broadcast(condition.shape, values);
  if (!shape || yes.dtype !== no.dtype) return refuseShapes('select', [condition, yes, no], 'do not fit');
  return emitOne(yes.node.graph, 'select', [condition, yes, no], {}, { dtype: yes.dtype, shape });
}

/** int32: where along the last axis the largest element is, the first of equals. */
export function argMax(x: Tensor): Tensor {
  requireFloats('argMax', [x]);
  if (x.shape.length === 0) return refuseShapes('argMax', [x], 'has no last axis');
  return emitOne(x.node.graph, 'argMax', [x], {}, { dtype: 'int32', shape: x.shape.slice(0, -1) });
}

/** A new last axis of `depth`, 1 at the index that int32 `indices` give and 0 elsewhere; all 0 for one beyond it. */
export function oneHot(indices: Tensor, depth: number, dtype: DType = 'float32'): Tensor {
  requireType('oneHot', [indices], ['int32']);
  const { graph } = indices.node;
  const shape: Shape = [...indices.shape, 1];
  const numbers = constant(
    graph,
    Array.from({ length: depth }, (_, index) => index),
    [depth],
    'int32',
  );
  return cast(equal(reshape(indices, shape), numbers), dtype);
}
