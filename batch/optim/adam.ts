/** Adam as PyTorch computes it: its schedule scalars on the host and its updates in a program; knows no network. */
import {
  type AdamRates,
  adamUpdate,
  and,
  areFinite,
  current,
  type State,
  scalarLike,
  select,
  state,
  type Tensor,
  type Version,
} from '../engine/program/index.ts';
import { clipToNorm, globalNorm } from './clip.ts';
import type { Objective } from './objective.ts';

/** Hyper-parameters, PyTorch's meaning of each. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to √v̂, the bias-corrected one. */
  readonly epsilon: number;
}

const SCALARS = ['rate', 'beta1', 'beta2', 'epsilon'] as const;

/** `<player>/rate` and the others of {@link AdamRates}. */
export type AdamScalar<Player extends string> = `${Player}/${(typeof SCALARS)[number]}`;

/** Names of the scalars that a player's updates are fed with. */
export function adamScalars<const Player extends string>(player: Player): AdamScalar<Player>[] {
  return SCALARS.map((scalar) => `${player}/${scalar}` as const);
}

/**
 * The scalars of update number `t`, from 1: α·√(1-β₂ᵗ)/(1-β₁ᵗ), β₁, β₂, ε·√(1-β₂ᵗ). With these the form of Adam at the
 * end of section 2 of Kingma and Ba 2015 equals PyTorch's; so it does where options change from update to update, as
 * PyTorch takes the newest β to the power of t. Computed in float64: 1 - 0.999 has no five exact digits in float32.
 */
export function adamSchedule<const Player extends string>(
  player: Player,
  { learningRate, beta1, beta2, epsilon }: AdamOptions,
  t: number,
): Record<AdamScalar<Player>, number> {
  const correction = Math.sqrt(1 - beta2 ** t);
  const values = [(learningRate * correction) / (1 - beta1 ** t), beta1, beta2, epsilon * correction];
  // TypeScript does not see that these are all the names.
  return Object.fromEntries(adamScalars(player).map((name, index) => [name, values[index]])) as Record<
    AdamScalar<Player>,
    number
  >;
}

/** The scalars of {@link adamSchedule} as a call is fed with them. */
export function adamRates<const Player extends string>(
  scalar: (name: AdamScalar<Player>) => Tensor,
  player: Player,
): AdamRates {
  return {
    rate: scalar(`${player}/rate`),
    beta1: scalar(`${player}/beta1`),
    beta2: scalar(`${player}/beta2`),
    epsilon: scalar(`${player}/epsilon`),
  };
}

/** First and second moment of one weight. */
interface Moments {
  readonly weight: State;
  readonly first: State;
  readonly second: State;
}

/** Declares the moments of `weights`, all zero: `adam/<weight>/first` and `adam/<weight>/second`. */
export function adamMoments(weights: readonly State[]): readonly Moments[] {
  return weights.map((weight) => {
    const moment = (name: string) =>
      state(weight.graph, `adam/${weight.name}/${name}`, weight.shape, {
        role: 'optimizer',
        init: { kind: 'fill', value: 0 },
      });
    return { weight, first: moment('first'), second: moment('second') };
  });
}

/** What a gated update did. */
export interface Descent {
  /** Versions of the weights after it, by state. */
  readonly weights: ReadonlyMap<State, Version>;
  /** bool scalar: loss and gradient are finite, and so was what `gate` said. */
  readonly finite: Tensor;
  /** Euclidean norm of the gradient over all weights, before clipping; float32 scalar. */
  readonly gradientNorm: Tensor;
}

/**
 * Moves weights down a gradient, no longer than `maxNorm` where that is given, unless loss or gradient is not finite, or
 * `gate` is false: then weights and moments stay bit for bit. The gate is in the rates: with rate 0, β 1 and a gradient
 * of zeros each moment gains (1-1)·(0-m) = 0 and each weight 0·m/(√v+ε̂) = 0.
 */
export function descend(
  { loss, gradients }: Objective,
  moments: readonly Moments[],
  rates: AdamRates,
  { gate, maxNorm }: { readonly gate?: Tensor; readonly maxNorm?: Tensor | number } = {},
): Descent {
  const norm = globalNorm(gradients);
  const own = and(areFinite(loss), areFinite(norm));
  const finite = gate ? and(gate, own) : own;
  const pass = (value: Tensor, otherwise: number) => select(finite, value, scalarLike(value, otherwise));
  const gated: AdamRates = {
    rate: pass(rates.rate, 0),
    beta1: pass(rates.beta1, 1),
    beta2: pass(rates.beta2, 1),
    epsilon: pass(rates.epsilon, 1),
  };
  const clipped = maxNorm === undefined ? gradients : clipToNorm(gradients, norm, maxNorm);
  const weights = new Map<State, Version>();
  for (const { weight, first, second } of moments) {
    const gradient = clipped.get(weight);
    if (!gradient) throw new RangeError(`no gradient of ${weight.name}`);
    const before = { weight: current(weight), first: current(first), second: current(second) };
    weights.set(weight, adamUpdate(before, pass(gradient, 0), gated).weight);
  }
  return { weights, finite, gradientNorm: norm };
}
