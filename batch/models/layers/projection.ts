/** The end of a discriminator that knows classes; knows no features. */
import {
  add,
  type Graph,
  type Init,
  multiply,
  reshape,
  type State,
  sum,
  type Tensor,
} from '../../engine/program/index.ts';
import type { Bias } from './bias.ts';
import { dense } from './dense.ts';
import { embedding } from './embedding.ts';
import { normal } from './initial.ts';
import { type Values, weightsOf } from './layer.ts';

/** A judge of features, given their class. */
export interface Projection {
  readonly weights: readonly State[];
  /** Features φ `[n, features]` and `labels` int32 `[n]` → logits `[n, 1]`. */
  apply(features: Tensor, labels: Tensor, values: Values): Tensor;
}

/**
 * `φ · w + φ · table[label]` (Miyato and Koyama 2018, equation 3): how real the features are, and how much they are
 * like their class. State: `<name>/kernel` `[features, 1]` and, unless `bias` is false, `<name>/bias`, as a dense layer;
 * `<name>/table` `[classes, features]`, of deviation 1/√features.
 */
export function projection(
  graph: Graph,
  name: string,
  { features, classes, ...options }: { features: number; classes: number; init?: Init; bias?: Bias },
): Projection {
  const judge = dense(graph, name, { inputs: features, outputs: 1, ...options });
  const known = embedding(graph, name, { classes, size: features, init: normal(1 / Math.sqrt(features)) });
  return {
    weights: weightsOf([judge, known]),
    apply(x, labels, values) {
      const likeness = sum(multiply(x, known.apply(labels, values)), [1]);
      return add(judge.apply(x, values), reshape(likeness, [x.shape[0] ?? 0, 1]));
    },
  };
}
