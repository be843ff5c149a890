/** Layers: state and the function over it; knows no network. */
import {
  batchNorm,
  batchNormInference,
  biasAdd,
  conv2d,
  conv2dTranspose,
  type Graph,
  type Init,
  matMul,
  reshape,
  type State,
  state,
  type Tensor,
} from '../engine/program/index.ts';

/** Looks up the value of a state: which version it is, the caller knows. */
export type Values = (state: State) => Tensor;

/** A layer without a memory of its batches. */
export interface Layer {
  readonly weights: readonly State[];
  apply(x: Tensor, values: Values): Tensor;
}

const zeros: Init = { kind: 'fill', value: 0 };
const ones: Init = { kind: 'fill', value: 1 };

/** Glorot and Bengio 2010, uniform: the variance of values and of gradients stays the same from layer to layer. */
function glorot(fanIn: number, fanOut: number): Init {
  return { kind: 'uniform', limit: Math.sqrt(6 / (fanIn + fanOut)) };
}

/** `[n, inputs]` → `[n, outputs]`. */
export function dense(
  graph: Graph,
  name: string,
  { inputs, outputs, bias = true }: { inputs: number; outputs: number; bias?: boolean },
): Layer {
  const kernel = state(graph, `${name}/kernel`, [inputs, outputs], { init: glorot(inputs, outputs) });
  return withBias(graph, name, kernel, outputs, bias, (x, values) => matMul(x, values(kernel)));
}

/** A square kernel, its reach and its channels. */
interface Kernel {
  readonly size: number;
  readonly stride: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** `[n, h, w, inputs]` → `[n, ⌈h/stride⌉, ⌈w/stride⌉, outputs]`. */
export function convolution(graph: Graph, name: string, { size, stride, inputs, outputs }: Kernel): Layer {
  const init = glorot(size ** 2 * inputs, size ** 2 * outputs);
  const kernel = state(graph, `${name}/kernel`, [size, size, inputs, outputs], { init });
  return withBias(graph, name, kernel, outputs, true, (x, values) => conv2d(x, values(kernel), stride));
}

/** `[n, ⌈height/stride⌉, ⌈width/stride⌉, inputs]` → `[n, height, width, outputs]`. */
export function transposedConvolution(
  graph: Graph,
  name: string,
  { size, stride, inputs, outputs, height, width }: Kernel & { height: number; width: number },
): Layer {
  const init = glorot(size ** 2 * inputs, size ** 2 * outputs);
  const kernel = state(graph, `${name}/kernel`, [size, size, outputs, inputs], { init });
  return withBias(graph, name, kernel, outputs, true, (x, values) =>
    conv2dTranspose(x, values(kernel), stride, { height, width }),
  );
}

function withBias(
  graph: Graph,
  name: string,
  kernel: State,
  outputs: number,
  wanted: boolean,
  map: (x: Tensor, values: Values) => Tensor,
): Layer {
  if (!wanted) return { weights: [kernel], apply: map };
  const bias = state(graph, `${name}/bias`, [outputs], { init: zeros });
  return { weights: [kernel, bias], apply: (x, values) => biasAdd(map(x, values), values(bias)) };
}

/** How batch norm normalises: by the batch, telling its statistics, or by the moving averages. */
export type Normalisation =
  | { readonly by: 'batch'; readonly observe: (average: State, observed: Tensor) => void }
  | { readonly by: 'averages' };

/** Batch norm of each feature over the batch. */
export interface Norm {
  readonly weights: readonly State[];
  readonly averages: readonly State[];
  /** `x` `[n, features]`. */
  apply(x: Tensor, values: Values, normalisation: Normalisation): Tensor;
}

/** PyTorch's ε. */
const EPSILON = 1e-5;

export function norm(graph: Graph, name: string, features: number): Norm {
  const gain = state(graph, `${name}/gain`, [features], { init: ones });
  const bias = state(graph, `${name}/bias`, [features], { init: zeros });
  const mean = state(graph, `${name}/mean`, [features], { role: 'average', init: zeros });
  const variance = state(graph, `${name}/variance`, [features], { role: 'average', init: ones });
  return {
    weights: [gain, bias],
    averages: [mean, variance],
    apply(x, values, normalisation) {
      const pixels = reshape(x, [x.shape[0] ?? 0, 1, 1, features]);
      const affine = { gain: values(gain), bias: values(bias) };
      if (normalisation.by === 'averages') {
        const averages = { mean: values(mean), variance: values(variance) };
        return reshape(batchNormInference(pixels, { ...affine, ...averages }, EPSILON), x.shape);
      }
      const batch = batchNorm(pixels, affine.gain, affine.bias, EPSILON);
      normalisation.observe(mean, batch.mean);
      normalisation.observe(variance, batch.variance);
      return reshape(batch.y, x.shape);
    },
  };
}
