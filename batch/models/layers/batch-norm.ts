/** Batch norm as a layer: gain, bias and moving averages; knows no network. */
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

/** Batch norm of each feature over the batch, and over the pixels where there are some. */
export interface BatchNorm {
  readonly weights: readonly State[];
  readonly averages: readonly State[];
  /** `x` `[n, features]` or `[n, h, w, features]`: a feature's statistics are over all axes but the last. */
  apply(x: Tensor, values: Values, normalisation: Normalisation): Tensor;
}

/** PyTorch's ε. */
const EPSILON = 1e-5;

/** Ioffe and Szegedy 2015. State: `<name>/gain`, `/bias`, and the averages `/mean` and `/variance`, each `[features]`. */
export function batchNorm(graph: Graph, name: string, features: number): BatchNorm {
  const gain = state(graph, `${name}/gain`, [features], { init: ones });
  const bias = state(graph, `${name}/bias`, [features], { init: zeros });
  const mean = state(graph, `${name}/mean`, [features], { role: 'average', init: zeros });
  const variance = state(graph, `${name}/variance`, [features], { role: 'average', init: ones });
  return {
    weights: [gain, bias],
    averages: [mean, variance],
    apply(x, values, normalisation) {
      const pixels = x.shape.length === 4 ? x : reshape(x, [x.shape[0] ?? 0, 1, 1, features]);
      const affine = { gain: values(gain), bias: values(bias) };
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
