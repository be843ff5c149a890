/** A loss with its gradients, the currency between losses and updates; knows neither. */
import { gradients } from '../engine/autodiff/gradients.ts';
import { read, type State, type Tensor } from '../engine/program/index.ts';

/** What one player minimises, and which way is down. */
export interface Objective {
  /** Scalar. */
  readonly loss: Tensor;
  /** Gradient of the loss by weight, each in its weight's shape. */
  readonly gradients: ReadonlyMap<State, Tensor>;
}

/** The objective of a `loss` that was computed from the newest versions of `weights`. */
export function objective(loss: Tensor, weights: readonly State[]): Objective {
  const slopes = gradients(
    loss,
    weights.map((weight) => read(weight)),
  );
  return { loss, gradients: zip(weights, slopes) };
}

/** Values by weight, from two lists of one order. */
export function zip(weights: readonly State[], values: readonly Tensor[]): ReadonlyMap<State, Tensor> {
  const pairs = weights.map((weight, index): [State, Tensor] => {
    const value = values[index];
    if (!value) throw new RangeError(`no value for ${weight.name}`);
    return [weight, value];
  });
  return new Map(pairs);
}
