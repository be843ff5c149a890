/** Batch norm as a layer: its gain and bias, and moving averages; knows no network. */
import { type Graph, type State, state, type Tensor } from '../../engine/program/index.ts';
import { batchStatistics, type Normalisation } from './batch-statistics.ts';
import { ones, zeros } from './initial.ts';
import type { Values } from './layer.ts';

/** Batch norm of each feature over the batch, and over the pixels where there are some. */
export interface BatchNorm {
  readonly weights: readonly State[];
  readonly averages: readonly State[];
  /** `x` `[n, features]` or `[n, h, w, features]`: a feature's statistics are over all axes but the last. */
  apply(x: Tensor, values: Values, normalisation: Normalisation): Tensor;
}

/** Ioffe and Szegedy 2015. State: `<name>/gain`, `/bias`, and the averages `/mean` and `/variance`, each `[features]`. */
export function batchNorm(graph: Graph, name: string, features: number): BatchNorm {
  const gain = state(graph, `${name}/gain`, [features], { init: ones });
  const bias = state(graph, `${name}/bias`, [features], { init: zeros });
  const { averages, normalise } = batchStatistics(graph, name, features);
  return {
    weights: [gain, bias],
    averages,
    apply: (x, values, normalisation) =>
      normalise(x, { gain: values(gain), bias: values(bias) }, values, normalisation),
  };
}
