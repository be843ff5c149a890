/** Emission of operations that work element by element and have no attributes; knows none of them. */
import { emitOne } from '../graph.ts';
import { broadcast } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { refuseShapes, requireFloats } from './check.ts';
import type { OpAttributes, OpName } from './table.ts';

/** Operations without attributes: those that the two functions below can emit. */
type Plain = { [O in OpName]: keyof OpAttributes[O] extends never ? O : never }[OpName];

/** Emits an operation from one array of floats to another of its shape. */
export function unary(op: Plain, x: Tensor): Tensor {
  requireFloats(op, [x]);
  return emitOne(x.node.graph, op, [x], {} as OpAttributes[typeof op], x);
}

/** Emits an operation on two arrays of floats that broadcast. */
export function binary(op: Plain, a: Tensor, b: Tensor): Tensor {
  requireFloats(op, [a, b]);
  const shape = broadcast(a.shape, b.shape);
  if (!shape) return refuseShapes(op, [a, b], 'do not broadcast');
  return emitOne(a.node.graph, op, [a, b], {} as OpAttributes[typeof op], { dtype: a.dtype, shape });
}
