/** Batch norm, NHWC; knows no weights and no moving averages. */
import { emit, emitOne, outputOf } from '../graph.ts';
import { axesOf, sameShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { refuseShapes, requireFloats } from './check.ts';
import { add, multiply, rsqrt, scale, shift, square, subtract } from './elementwise.ts';
import { mean } from './reduce.ts';

/** What batch norm gives beside its result: mean and unbiased variance of the batch, `[channels]` each. */
export interface BatchNorm {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** What batch norm normalises to and by, when it does not look at the batch: `[channels]` each. */
export interface NormValues {
  readonly gain: Tensor;
  readonly bias: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch norm by the batch's own statistics (Ioffe and Szegedy 2015), in one kernel. `x` `[n, h, w, channels]`; `gain` and
 * `bias` `[channels]`. Second and higher gradients are those of {@link composedBatchNorm}, and so is all of it in float64,
 * for which there is no such kernel.
 */
export function batchNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): BatchNorm {
  requireNorm('batchNorm', x, [gain, bias], 4);
  if (x.dtype === 'float64') return composedBatchNorm(x, gain, bias, epsilon);
  const channels = { dtype: x.dtype, shape: gain.shape };
  const reserved = { dtype: x.dtype, shape: [0] };
  const types = [x, channels, channels, channels, channels, reserved];
  const node = emit(x.node.graph, 'batchNorm', [x, gain, bias], { epsilon }, types);
  return { y: outputOf(node, 0), mean: outputOf(node, 1), variance: outputOf(node, 2) };
}

/** {@link batchNorm} written out, for arrays of any rank. */
export function composedBatchNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): BatchNorm {
  requireNorm('batchNorm', x, [gain, bias]);
  const axes = axesOf(x.shape).slice(0, -1);
  const count = sizeOf(x.shape.slice(0, -1));
  const average = mean(x, axes);
  const centred = subtract(x, average);
  const variance = mean(square(centred), axes);
  const normal = multiply(centred, rsqrt(shift(variance, epsilon)));
  return {
    y: add(multiply(normal, gain), bias),
    mean: average,
    variance: scale(variance, count / Math.max(count - 1, 1)),
  };
}

/** Batch norm by given statistics, in one kernel: `gain · (x - mean) / √(variance + epsilon) + bias`. */
export function batchNormInference(x: Tensor, values: NormValues, epsilon: number): Tensor {
  const { gain, bias, mean, variance } = values;
  const vectors = [gain, bias, mean, variance];
  requireNorm('batchNormInference', x, vectors, 4);
  if (x.dtype === 'float64') return composedBatchNormInference(x, values, epsilon);
  return emitOne(x.node.graph, 'batchNormInference', [x, ...vectors], { epsilon }, x);
}

/** {@link batchNormInference} written out. */
export function composedBatchNormInference(x: Tensor, values: NormValues, epsilon: number): Tensor {
  const { gain, bias, mean, variance } = values;
  requireNorm('batchNormInference', x, [gain, bias, mean, variance]);
  const slope = multiply(gain, rsqrt(shift(variance, epsilon)));
  return add(multiply(subtract(x, mean), slope), bias);
}

function requireNorm(op: string, x: Tensor, vectors: readonly Tensor[], rank?: number): void {
  requireFloats(op, [x, ...vectors]);
  const fits = vectors.every(({ shape }) => sameShape(shape, x.shape.slice(-1)));
  if ((rank !== undefined && x.shape.length !== rank) || !fits) refuseShapes(op, [x, ...vectors], 'do not fit');
}
