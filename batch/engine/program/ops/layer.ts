/** The linear maps of networks and batch norm, NHWC; knows no weights of its own. */
import { emit, emitOne, outputOf } from '../graph.ts';
import { sameShape, showShape } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { refuseShapes, requireFloats, requireType } from './check.ts';

/** `a · b` of matrices, each transposed first where asked. */
export function matMul(a: Tensor, b: Tensor, options: { transposeA?: boolean; transposeB?: boolean } = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  requireFloats('matMul', [a, b]);
  const [rows, inner] = transposeA ? a.shape.toReversed() : a.shape;
  const [inner2, columns] = transposeB ? b.shape.toReversed() : b.shape;
  const matrices = a.shape.length === 2 && b.shape.length === 2;
  if (!matrices || inner !== inner2 || rows === undefined || columns === undefined) {
    return refuseShapes('matMul', [a, b], 'do not fit');
  }
  const shape = [rows, columns];
  return emitOne(a.node.graph, 'matMul', [a, b], { transposeA, transposeB }, { dtype: a.dtype, shape });
}

/** Adds `bias` `[channels]` to the last axis. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  requireFloats('biasAdd', [x, bias]);
  if (x.shape.length < 2 || !sameShape(bias.shape, x.shape.slice(-1)))
    return refuseShapes('biasAdd', [x, bias], 'do not fit');
  return emitOne(x.node.graph, 'biasAdd', [x, bias], {}, x);
}

/** Sum over all axes but the last. */
export function biasAddGradient(dy: Tensor): Tensor {
  requireFloats('biasAddGradient', [dy]);
  return emitOne(dy.node.graph, 'biasAddGradient', [dy], {}, { dtype: dy.dtype, shape: dy.shape.slice(-1) });
}

/** Sides of the smaller image and whether a kernel connects images `large` and `small` under SAME padding. */
function strides(large: Shape, small: Shape, kernel: Shape, stride: number): boolean {
  const halved = (side: number | undefined) => Math.ceil((side ?? Number.NaN) / stride);
  return (
    large.length === 4 &&
    small.length === 4 &&
    kernel.length === 4 &&
    large[0] === small[0] &&
    halved(large[1]) === small[1] &&
    halved(large[2]) === small[2] &&
    kernel[2] === large[3] &&
    kernel[3] === small[3]
  );
}

/**
 * Convolution with SAME padding: `x` `[n, h, w, in]`, `kernel` `[k, k, in, out]` give `[n, ⌈h/stride⌉, ⌈w/stride⌉, out]`.
 */
export function conv2d(x: Tensor, kernel: Tensor, stride: number): Tensor {
  requireFloats('conv2d', [x, kernel]);
  const [n = 0, height = 0, width = 0] = x.shape;
  const shape = [n, Math.ceil(height / stride), Math.ceil(width / stride), kernel.shape[3] ?? 0];
  if (!strides(x.shape, shape, kernel.shape, stride)) return refuseShapes('conv2d', [x, kernel], 'do not fit');
  return emitOne(x.node.graph, 'conv2d', [x, kernel], { stride }, { dtype: x.dtype, shape });
}

/** Gradient of {@link conv2d} to its images of `shape`; also known as transposed convolution. */
export function conv2dInputGradient(dy: Tensor, kernel: Tensor, stride: number, shape: Shape): Tensor {
  requireFloats('conv2dInputGradient', [dy, kernel]);
  if (!strides(shape, dy.shape, kernel.shape, stride)) {
    return refuseShapes('conv2dInputGradient', [dy, kernel], `do not lead to ${showShape(shape)} at stride ${stride}`);
  }
  return emitOne(dy.node.graph, 'conv2dInputGradient', [dy, kernel], { stride }, { dtype: dy.dtype, shape });
}

/** Gradient of {@link conv2d} to its kernel of `shape`. */
export function conv2dFilterGradient(x: Tensor, dy: Tensor, stride: number, shape: Shape): Tensor {
  requireFloats('conv2dFilterGradient', [x, dy]);
  if (!strides(x.shape, dy.shape, shape, stride)) {
    return refuseShapes('conv2dFilterGradient', [x, dy], `do not lead to ${showShape(shape)} at stride ${stride}`);
  }
  return emitOne(x.node.graph, 'conv2dFilterGradient', [x, dy], { stride }, { dtype: x.dtype, shape });
}

/**
 * Transposed convolution with SAME padding: `x` `[n, h, w, in]`, `kernel` `[k, k, out, in]` give `[n, height, width, out]`
 * for any size with ⌈height / stride⌉ = h and ⌈width / stride⌉ = w.
 */
export function conv2dTranspose(
  x: Tensor,
  kernel: Tensor,
  stride: number,
  size: { height: number; width: number },
): Tensor {
  const shape = [x.shape[0] ?? 0, size.height, size.width, kernel.shape[2] ?? 0];
  return conv2dInputGradient(x, kernel, stride, shape);
}

/** What batch norm gives beside its result: mean and unbiased variance of the batch, `[channels]` each. */
export interface BatchNorm {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch norm by the batch's own statistics (Ioffe and Szegedy 2015). `x` `[n, h, w, channels]`, float32 only; `gain`
 * and `bias` `[channels]`.
 */
export function batchNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): BatchNorm {
  requireNorm('batchNorm', x, [gain, bias]);
  const channels = { dtype: x.dtype, shape: gain.shape };
  const reserved = { dtype: x.dtype, shape: [0] };
  const types = [x, channels, channels, channels, channels, reserved];
  const node = emit(x.node.graph, 'batchNorm', [x, gain, bias], { epsilon }, types);
  return { y: outputOf(node, 0), mean: outputOf(node, 1), variance: outputOf(node, 2) };
}

/** Batch norm by given statistics: `gain · (x - mean) / √(variance + epsilon) + bias`. */
export function batchNormInference(
  x: Tensor,
  { gain, bias, mean, variance }: { gain: Tensor; bias: Tensor; mean: Tensor; variance: Tensor },
  epsilon: number,
): Tensor {
  requireNorm('batchNormInference', x, [gain, bias, mean, variance]);
  return emitOne(x.node.graph, 'batchNormInference', [x, gain, bias, mean, variance], { epsilon }, x);
}

function requireNorm(op: string, x: Tensor, vectors: readonly Tensor[]): void {
  requireType(op, [x, ...vectors], ['float32']);
  const fits = vectors.every(({ shape }) => sameShape(shape, x.shape.slice(-1)));
  if (x.shape.length !== 4 || !fits) refuseShapes(op, [x, ...vectors], 'do not fit');
}
