/**
 * Moving averages of weights, which draw better images than the weights themselves (Yazıcı et al. 2019); knows no
 * network.
 */
import {
  add,
  current,
  multiply,
  read,
  type State,
  select,
  state,
  subtract,
  type Tensor,
  update,
  type Version,
} from '../engine/program/index.ts';

/** How fast the average forgets. */
export interface AveragingOptions {
  /** Images after which a weight counts half, in thousands. */
  readonly halfLifeKimg: number;
  /** The half-life is never more than this share of the images shown so far; 1 or more switches that off. */
  readonly rampUp: number;
}

/**
 * β of the update that follows `images` shown ones: `0.5^(batchSize / half-life)`, as the trainer of StyleGAN2-ADA
 * computes it from `ema_kimg` and `ema_rampup` (0.05 there). 0 at the first update: then the average is a copy.
 */
export function averageDecay({ halfLifeKimg, rampUp }: AveragingOptions, batchSize: number, images: number): number {
  const halfLife = Math.min(halfLifeKimg * 1000, images * rampUp);
  return halfLife > 0 ? 0.5 ** (batchSize / halfLife) : 0;
}

const PREFIX = 'ema/';

/** The average of each weight. */
export type Averages = ReadonlyMap<State, State>;

/** Declares `ema/<weight>` for each weight. It begins as its weight does. */
export function averageWeights(weights: readonly State[]): Averages {
  const average = (weight: State) =>
    state(weight.graph, PREFIX + weight.name, weight.shape, {
      role: 'average',
      init: { kind: 'copy', of: weight },
    });
  return new Map(weights.map((weight) => [weight, average(weight)]));
}

/**
 * Moves averages after an update of their weights to `w + β·(average - w)`; `versions` are those that it returned.
 * Where `finite` is false they stay bit for bit.
 */
export function followWeights(
  averages: Averages,
  versions: ReadonlyMap<State, Version>,
  beta: Tensor,
  finite: Tensor,
): void {
  for (const [weight, average] of averages) {
    const old = read(average);
    const updated = read(versions.get(weight) ?? weight);
    const moved = add(updated, multiply(subtract(old, updated), beta));
    update(current(average), select(finite, moved, old));
  }
}

/** Values of state by name, where each average has taken the place of what it is of. */
export function withAverages<T>(values: ReadonlyMap<string, T>): Map<string, T> {
  const taken = [...values].flatMap(([name, value]): [string, T][] =>
    name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : [],
  );
  return new Map([...[...values].filter(([name]) => !name.startsWith(PREFIX)), ...taken]);
}

/** `values`, with averages in place of the weights that have one. */
export function averaged(averages: Averages, values: (state: State) => Tensor): (state: State) => Tensor {
  return (state) => values(averages.get(state) ?? state);
}
