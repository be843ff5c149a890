/** Comparisons, logic, and choices by them. */
import { broadcast } from '../../../program/shape.ts';
import type { Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { binary, repeated, unary } from './plain.ts';

export const compare = {
  greater: binary('Greater'),
  greaterEqual: binary('GreaterEqual'),
  equal: binary('Equal'),
  isFinite: unary('IsFinite'),
  and: binary('LogicalAnd'),
  or: binary('LogicalOr'),
  not: unary('LogicalNot'),
  select: (_, on, condition, yes, no) => chosen(on, condition, yes, no),
  argMax: (_, on, x) => on.run('ArgMax', { x }, { axis: x.shape.length - 1 }),
} satisfies Partial<Kernels>;

/** `yes` or `no` by `condition`. The kernel of TF.js wants all three in one shape. */
export function chosen(on: Frame, condition: Value, yes: Value, no: Value): Value {
  const values = broadcast(yes.shape, no.shape) ?? yes.shape;
  const shape = broadcast(condition.shape, values) ?? values;
  return on.run('Select', {
    condition: repeated(on, condition, shape),
    t: repeated(on, yes, shape),
    e: repeated(on, no, shape),
  });
}
