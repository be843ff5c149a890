/** Updates of state: each takes the newest version and returns the next; knows no schedule. */
import { EngineError } from '../../errors.ts';
import { emit, place } from '../graph.ts';
import { sameShape, showShape } from '../shape.ts';
import type { AnyNode, Tensor } from '../tensor.ts';
import { advance, requireNewest, type Version } from '../version.ts';
import { requireFloats } from './check.ts';

/** The state becomes `x`. */
export function update(version: Version, x: Tensor): Version {
  requireNewest(version);
  const { state } = version;
  if (!sameShape(state.shape, x.shape) || state.dtype !== x.dtype) {
    throw new EngineError(
      'SHAPE',
      `update: ${state.name} is ${state.dtype} ${showShape(state.shape)}, not ${x.dtype} ${showShape(x.shape)}, in ${place(state.graph)}`,
    );
  }
  return advance(version, emit(state.graph, 'assign', [x], { state }, []) as AnyNode);
}

/** Versions that one Adam update reads and replaces: the weight and its two moments. */
export interface AdamVersions {
  readonly weight: Version;
  readonly first: Version;
  readonly second: Version;
}

/** Scalars of one Adam update. */
export interface AdamRates {
  /** α·√(1-β₂ᵗ)/(1-β₁ᵗ). */
  readonly rate: Tensor;
  readonly beta1: Tensor;
  readonly beta2: Tensor;
  /** ε̂ = ε·√(1-β₂ᵗ). */
  readonly epsilon: Tensor;
}

/**
 * Adam in the form at the end of section 2 of Kingma and Ba 2015: `m ← m + (1-β₁)(g - m)`, `v ← v + (1-β₂)(g² - v)`,
 * `θ ← θ - rate · m / (√v + ε̂)`. Bias correction is in `rate` and ε̂, see optim/adam.
 */
export function adamUpdate(versions: AdamVersions, gradient: Tensor, rates: AdamRates): AdamVersions {
  const { weight, first, second } = versions;
  const scalars = [rates.rate, rates.beta1, rates.beta2, rates.epsilon];
  requireFloats('adam', [gradient, ...scalars]);
  for (const version of [weight, first, second]) requireNewest(version);
  for (const shape of [first.state.shape, second.state.shape, gradient.shape]) {
    if (!sameShape(weight.state.shape, shape)) {
      const { name, graph } = weight.state;
      throw new EngineError(
        'SHAPE',
        `adam: ${name} is ${showShape(weight.state.shape)}, not ${showShape(shape)}, in ${place(graph)}`,
      );
    }
  }
  const attributes = { weight: weight.state, first: first.state, second: second.state };
  const node = emit(weight.state.graph, 'adam', [gradient, ...scalars], attributes, []) as AnyNode;
  return { weight: advance(weight, node), first: advance(first, node), second: advance(second, node) };
}
