/** What every layer is: state, and a function over it; knows no layer. */
import type { State, Tensor } from '../../engine/program/index.ts';

/** Looks up the value of a state: which version it is, the caller knows. */
export type Values = (state: State) => Tensor;

/** A layer without a memory of its batches. */
export interface Layer {
  readonly weights: readonly State[];
  apply(x: Tensor, values: Values): Tensor;
}

/** All weights of some layers, in order. */
export function weightsOf(layers: readonly Pick<Layer, 'weights'>[]): readonly State[] {
  return layers.flatMap(({ weights }) => weights);
}
