/** Adam as PyTorch computes it: its schedule scalars on the host and its updates in a program; knows no network. */
import { gradients } from '../engine/autodiff/gradients.ts';
import {
  type AdamRates,
  adamUpdate,
  add,
  and,
  areFinite,
  current,
  element,
  halfSquareSum,
  read,
  type State,
  scalarLike,
  scale,
  select,
  sqrt,
  state,
  type Tensor,
  type Version,
} from '../engine/program/index.ts';

/** Hyper-parameters, PyTorch's meaning of each. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to √v̂, the bias-corrected one. */
  readonly epsilon: number;
}

/** Length of {@link adamSchedule}. */
export const ADAM_SCALARS = 4;

/**
 * The scalars of update number `t`, from 1: α·√(1-β₂ᵗ)/(1-β₁ᵗ), β₁, β₂, ε·√(1-β₂ᵗ). With these the form of Adam at the
 * end of section 2 of Kingma and Ba 2015 equals PyTorch's. Computed in float64: 1 - 0.999 has no five exact digits in
 * float32.
 */
export function adamSchedule({ learningRate, beta1, beta2, epsilon }: AdamOptions, t: number): number[] {
  const correction = Math.sqrt(1 - beta2 ** t);
  return [(learningRate * correction) / (1 - beta1 ** t), beta1, beta2, epsilon * correction];
}

/** The scalars of {@link adamSchedule} at `offset` of a fed vector. */
export function adamRates(schedule: Tensor, offset: number): AdamRates {
  return {
    rate: element(schedule, offset),
    beta1: element(schedule, offset + 1),
    beta2: element(schedule, offset + 2),
    epsilon: element(schedule, offset + 3),
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
  /** Euclidean norm over all weights, float32 scalar. */
  readonly gradientNorm: Tensor;
}

/**
 * Moves weights down the gradient of `loss`, unless loss or gradient is not finite, or `gate` is false: then weights and
 * moments stay bit for bit. The gate is in the rates: with rate 0, β 1 and a gradient of zeros each moment gains
 * (1-1)·(0-m) = 0 and each weight 0·m/(√v+ε̂) = 0.
 */
export function descend(loss: Tensor, moments: readonly Moments[], rates: AdamRates, gate?: Tensor): Descent {
  const versions = moments.map(({ weight, first, second }) => ({
    weight: current(weight),
    first: current(first),
    second: current(second),
  }));
  const raw = gradients(
    loss,
    moments.map(({ weight }) => read(weight)),
  );
  const norm = gradientNorm(raw);
  const own = and(areFinite(loss), areFinite(norm));
  const finite = gate ? and(gate, own) : own;
  const pass = (value: Tensor, otherwise: number) => select(finite, value, scalarLike(value, otherwise));
  const gated: AdamRates = {
    rate: pass(rates.rate, 0),
    beta1: pass(rates.beta1, 1),
    beta2: pass(rates.beta2, 1),
    epsilon: pass(rates.epsilon, 1),
  };
  const weights = new Map<State, Version>();
  versions.forEach((before, index) => {
    const gradient = raw[index];
    if (gradient) weights.set(before.weight.state, adamUpdate(before, pass(gradient, 0), gated).weight);
  });
  return { weights, finite, gradientNorm: norm };
}

function gradientNorm(parts: readonly Tensor[]): Tensor {
  const [first, ...rest] = parts.map(halfSquareSum);
  if (first === undefined) throw new RangeError('a descent without weights');
  return sqrt(scale(rest.reduce(add, first), 2));
}
