/** The length of a gradient over all weights, and a limit to it; knows no optimizer. */
import {
  add,
  divide,
  greaterEqual,
  halfSquareSum,
  multiply,
  type State,
  scalarLike,
  scale,
  select,
  sqrt,
  type Tensor,
} from '../engine/program/index.ts';

/** Euclidean norm of all gradients as one vector, a scalar. */
export function globalNorm(gradients: ReadonlyMap<State, Tensor>): Tensor {
  const [first, ...rest] = [...gradients.values()].map(halfSquareSum);
  if (first === undefined) throw new RangeError('a gradient without weights');
  return sqrt(scale(rest.reduce(add, first), 2));
}

/**
 * The gradients, scaled to the norm `most` where theirs, `norm`, is more (Pascanu et al. 2013, algorithm 1). The
 * direction stays. `most` is a scalar of the gradients' type, or a number.
 */
export function clipToNorm(
  gradients: ReadonlyMap<State, Tensor>,
  norm: Tensor,
  most: Tensor | number,
): ReadonlyMap<State, Tensor> {
  const limit = typeof most === 'number' ? scalarLike(norm, most) : most;
  const factor = select(greaterEqual(limit, norm), scalarLike(norm, 1), divide(limit, norm));
  return new Map([...gradients].map(([weight, gradient]) => [weight, multiply(gradient, factor)]));
}
