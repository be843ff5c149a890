/** What batch norm normalises by, and what it remembers; knows no gain and no bias of its own. */
import {
  batchNormInference,
  batchNorm as byBatch,
  type Graph,
  requireWholeBatch,
  reshape,
  type State,
  state,
  type Tensor,
} from '../../engine/program/index.ts';
import { ones, zeros } from './initial.ts';
import type { Values } from './layer.ts';

/** How batch norm normalises: by the batch, telling its statistics, or by the moving averages. */
export type Normalisation =
  | { readonly by: 'batch'; readonly observe: (average: State, observed: Tensor) => void }
  | { readonly by: 'averages' };

/** Mean and variance of each feature, over all axes of `x` `[n, features]` or `[n, h, w, features]` but the last. */
export interface BatchStatistics {
  readonly averages: readonly State[];
  /** Normalises, then scales by `gain` and adds `bias`, `[features]` each. */
  normalise(
    x: Tensor,
    affine: { readonly gain: Tensor; readonly bias: Tensor },
    values: Values,
    normalisation: Normalisation,
  ): Tensor;
}

/** PyTorch's ε. */
const EPSILON = 1e-5;

/** State: the averages `<name>/mean` and `<name>/variance`, `[features]` each. */
export function batchStatistics(graph: Graph, name: string, features: number): BatchStatistics {
  const mean = state(graph, `${name}/mean`, [features], { role: 'average', init: zeros });
  const variance = state(graph, `${name}/variance`, [features], { role: 'average', init: ones });
  return {
    averages: [mean, variance],
    normalise(x, affine, values, normalisation) {
      const pixels = x.shape.length === 4 ? x : reshape(x, [x.shape[0] ?? 0, 1, 1, features]);
      if (normalisation.by === 'averages') {
        const averages = { mean: values(mean), variance: values(variance) };
        return reshape(batchNormInference(pixels, { ...affine, ...averages }, EPSILON), x.shape);
      }
      requireWholeBatch(graph, name, 'batch norm takes its statistics');
      const batch = byBatch(pixels, affine.gain, affine.bias, EPSILON);
      normalisation.observe(mean, batch.mean);
      normalisation.observe(variance, batch.variance);
      return reshape(batch.y, x.shape);
    },
  };
}
