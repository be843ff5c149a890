/** How far a step in float32 may end from the same step in float64; knows neither who made them. */
import type { TensorValue } from '../../../batch/engine/session.ts';
import type { Workload } from './workload.ts';

export type State = ReadonlyMap<string, TensorValue>;

/**
 * Of a gradient, as a share of its tensor's largest element. A gradient in float32 is a chain of sums of some hundred
 * products, each rounded by 2⁻²⁴ of its size: 1e-6 in all, and 1.3e-6 is the most that was seen. A wrong factor, term or
 * ε is 1e-3 and more.
 *
 * What this does not cover is the kink of LeakyReLU and ReLU: a unit whose input rounding carries across 0 takes the other
 * slope, and batch norm spreads its gradient over the batch. One of n units is so near with a probability of about n · 1e-7:
 * never here, once every other step in a network of 64×64 pixels, whose gradients agree to 1e-2 only.
 */
const SLOPE = 1e-5;
/** Of Adam's second moment: float32's 1 - 0.999 is off by 1.3e-5. */
const BETA2 = 2e-5;
/** Of a number that is stored in float32, after an update of it. */
const STORED = 2 ** -22;

/** An element that is further away than the step allows. */
export interface Excess {
  readonly name: string;
  readonly at: number;
  readonly own: number;
  readonly theirs: number;
  readonly allowed: number;
}

/** The worst element of `own` against `theirs`, where one is too far; `before` is the state that both began step `step` with. */
export function excessOf(
  own: State,
  theirs: State,
  before: State,
  { optimizers }: Workload,
  step: number,
): Excess | null {
  let worst: Excess | null = null;
  for (const [name, { data }] of theirs) {
    const allow = allowance(name);
    data.forEach((value, at) => {
      const [mine = Number.NaN, allowed] = [own.get(name)?.data[at], allow(value, at)];
      // Not `distance > allowed`: a NaN is an excess.
      if (Math.abs(mine - value) <= allowed) return;
      const share = (excess: Excess) => Math.abs(excess.own - excess.theirs) / excess.allowed;
      const found = { name, at, own: mine, theirs: value, allowed };
      if (worst === null || share(found) > share(worst)) worst = found;
    });
  }
  return worst;

  /** What is allowed at each element of a state. */
  function allowance(name: string): (value: number, at: number) => number {
    // An average moves as far as its weight, or less.
    if (name.startsWith('ema/')) return allowance(name.slice('ema/'.length));
    const weight = name.replace(/^adam\/(.*)\/(first|second)$/, '$1');
    const [first, second] = [`adam/${weight}/first`, `adam/${weight}/second`];
    if (!theirs.has(first)) {
      const rounding = STORED * largest(values(theirs, name));
      return () => rounding;
    }
    const player = weight.startsWith('generator/') ? 'generator' : 'discriminator';
    const { learningRate, beta1, beta2, epsilon } = optimizers[player];
    const old = values(before, first);
    const gradient = largest(values(theirs, first).map((m, at) => (m - beta1 * (old[at] ?? 0)) / (1 - beta1)));
    if (name === first) {
      const allowed = (1 - beta1) * SLOPE * gradient;
      return (value) => allowed + STORED * Math.abs(value);
    }
    if (name === second) {
      const allowed = (1 - beta2) * (2 * SLOPE + BETA2) * gradient ** 2;
      return (value) => allowed + STORED * Math.abs(value);
    }
    // An update is learningRate · m̂ / (√v̂ + ε): where all gradients so far were small, their rounding is not.
    const squares = values(theirs, second);
    return (value, at) => {
      const root = Math.sqrt((squares[at] ?? 0) / (1 - beta2 ** step)) + epsilon;
      return learningRate * ((2 * SLOPE * gradient) / root + BETA2) + STORED * Math.abs(value);
    };
  }
}

const values = (state: State, name: string): Float32Array => {
  const data = state.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new RangeError(`no float32 state ${name}`);
  return data;
};
const largest = (data: Float32Array): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
