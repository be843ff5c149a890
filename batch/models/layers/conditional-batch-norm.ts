/** Batch norm whose gain and bias depend on the class; knows no network. */
import { add, filled, type Graph, multiply, reshape, type State, type Tensor } from '../../engine/program/index.ts';
import { batchStatistics, type Normalisation } from './batch-statistics.ts';
import { embedding } from './embedding.ts';
import { ones, zeros } from './initial.ts';
import { type Values, weightsOf } from './layer.ts';

/** Batch norm that is told the class of each example. */
export interface ConditionalBatchNorm {
  readonly weights: readonly State[];
  readonly averages: readonly State[];
  /** `x` `[n, features]` or `[n, h, w, features]`, `labels` int32 `[n]`. All classes share the statistics. */
  apply(x: Tensor, labels: Tensor, values: Values, normalisation: Normalisation): Tensor;
}

/**
 * Dumoulin et al. 2017, "A learned representation for artistic style": one gain and one bias for each class and feature.
 * State: `<name>/gain/table` and `<name>/bias/table`, `[classes, features]` each, and the averages `<name>/mean` and
 * `<name>/variance`, `[features]`.
 */
export function conditionalBatchNorm(
  graph: Graph,
  name: string,
  { features, classes }: { features: number; classes: number },
): ConditionalBatchNorm {
  const gain = embedding(graph, `${name}/gain`, { classes, size: features, init: ones });
  const bias = embedding(graph, `${name}/bias`, { classes, size: features, init: zeros });
  const { averages, normalise } = batchStatistics(graph, name, features);
  return {
    weights: weightsOf([gain, bias]),
    averages,
    apply(x, labels, values, normalisation) {
      const perExample = (vectors: Tensor) =>
        reshape(vectors, [x.shape[0] ?? 0, ...x.shape.slice(1, -1).map(() => 1), features]);
      const neutral = { gain: filled(graph, 1, [features]), bias: filled(graph, 0, [features]) };
      const normal = normalise(x, neutral, values, normalisation);
      const scaled = multiply(normal, perExample(gain.apply(labels, values)));
      return add(scaled, perExample(bias.apply(labels, values)));
    },
  };
}
