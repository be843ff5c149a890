/** Convolutions, NHWC, in three forms each: forward, to the images, to the kernel; knows no weights of its own. */
import { emitOne } from '../graph.ts';
import { showShape } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { concat, split } from './arrange.ts';
import { refuseShapes, requireFactors, requireFloats } from './check.ts';
import { countWindows, type Padding, type Sliding, showSliding } from './window.ts';

/** How a convolution meets its image's border and channels. */
export interface ConvolutionOptions {
  /** SAME by default. */
  readonly padding?: Padding;
  /** Parts into which input and output channels are split, each connected to its own part only; 1 by default. */
  readonly groups?: number;
}

/** Whether a kernel that slides like this connects images of shape `large` with those of shape `small`. */
function connects(large: Shape, small: Shape, kernel: Shape, sliding: Sliding): boolean {
  const [height, width] = countWindows(large.slice(1, 3), kernel, sliding);
  const sides = small[1] === height && small[2] === width && height > 0 && width > 0;
  return [large, small, kernel].every(({ length }) => length === 4) && large[0] === small[0] && sides;
}

function connectsAll(large: Shape, small: Shape, kernel: Shape, sliding: Sliding): boolean {
  return connects(large, small, kernel, sliding) && kernel[2] === large[3] && kernel[3] === small[3];
}

function connectsEach(large: Shape, small: Shape, kernel: Shape, sliding: Sliding): boolean {
  const each = kernel[2] === large[3] && kernel[3] === 1 && large[3] === small[3];
  return connects(large, small, kernel, sliding) && each;
}

/**
 * Convolution: `x` `[n, h, w, in]` and `kernel` `[kh, kw, in / groups, out]` give `[n, h', w', out]`, where h' and w' are
 * ⌈h / stride⌉ and ⌈w / stride⌉ under SAME padding and ⌊(h + padding - kh) / stride⌋ + 1 under any other.
 */
export function conv2d(x: Tensor, kernel: Tensor, stride: number, options: ConvolutionOptions = {}): Tensor {
  const { padding = 'SAME', groups = 1 } = options;
  requireFactors('conv2d', [x, kernel]);
  if (groups !== 1) return byGroup(x, kernel, groups, (part, own) => conv2d(part, own, stride, { padding }));
  const sliding = { stride, padding };
  const shape = [x.shape[0] ?? 0, ...countWindows(x.shape.slice(1, 3), kernel.shape, sliding), kernel.shape[3] ?? 0];
  if (!connectsAll(x.shape, shape, kernel.shape, sliding)) return refuseShapes('conv2d', [x, kernel], 'do not fit');
  return emitOne(x.node.graph, 'conv2d', [x, kernel], sliding, { dtype: x.dtype, shape });
}

/** Gradient of {@link conv2d} to its images of `shape`; also known as transposed convolution. */
export function conv2dInputGradient(dy: Tensor, kernel: Tensor, sliding: Sliding, shape: Shape): Tensor {
  const op = 'conv2dInputGradient';
  requireFactors(op, [dy, kernel]);
  if (!connectsAll(shape, dy.shape, kernel.shape, sliding)) return refuseWay(op, [dy, kernel], sliding, shape);
  return emitOne(dy.node.graph, op, [dy, kernel], sliding, { dtype: dy.dtype, shape });
}

/** Gradient of {@link conv2d} to its kernel of `shape`. */
export function conv2dFilterGradient(x: Tensor, dy: Tensor, sliding: Sliding, shape: Shape): Tensor {
  const op = 'conv2dFilterGradient';
  requireFactors(op, [x, dy]);
  if (!connectsAll(x.shape, dy.shape, shape, sliding)) return refuseWay(op, [x, dy], sliding, shape);
  return emitOne(x.node.graph, op, [x, dy], sliding, { dtype: x.dtype, shape });
}

/**
 * Transposed convolution: `x` `[n, h, w, in]` and `kernel` `[kh, kw, out / groups, in]` give `[n, height, width, out]`, for
 * any size that {@link conv2d} with that stride and padding would bring to h and w.
 */
export function conv2dTranspose(
  x: Tensor,
  kernel: Tensor,
  stride: number,
  size: { readonly height: number; readonly width: number },
  options: ConvolutionOptions = {},
): Tensor {
  const { padding = 'SAME', groups = 1 } = options;
  if (groups !== 1) {
    return byGroup(x, kernel, groups, (part, own) => conv2dTranspose(part, own, stride, size, { padding }));
  }
  const shape = [x.shape[0] ?? 0, size.height, size.width, kernel.shape[2] ?? 0];
  return conv2dInputGradient(x, kernel, { stride, padding }, shape);
}

/**
 * Convolution of each channel with a kernel of its own: `x` `[n, h, w, channels]` and `kernel` `[kh, kw, channels, 1]` give
 * `[n, h', w', channels]`, with the sides of {@link conv2d}.
 */
export function depthwiseConv2d(
  x: Tensor,
  kernel: Tensor,
  stride: number,
  { padding = 'SAME' }: { readonly padding?: Padding } = {},
): Tensor {
  requireFloats('depthwiseConv2d', [x, kernel]);
  const sliding = { stride, padding };
  const shape = [x.shape[0] ?? 0, ...countWindows(x.shape.slice(1, 3), kernel.shape, sliding), x.shape[3] ?? 0];
  if (!connectsEach(x.shape, shape, kernel.shape, sliding)) {
    return refuseShapes('depthwiseConv2d', [x, kernel], 'do not fit');
  }
  return emitOne(x.node.graph, 'depthwiseConv2d', [x, kernel], sliding, { dtype: x.dtype, shape });
}

/** Gradient of {@link depthwiseConv2d} to its images of `shape`. */
export function depthwiseConv2dInputGradient(dy: Tensor, kernel: Tensor, sliding: Sliding, shape: Shape): Tensor {
  const op = 'depthwiseConv2dInputGradient';
  requireFloats(op, [dy, kernel]);
  if (!connectsEach(shape, dy.shape, kernel.shape, sliding)) return refuseWay(op, [dy, kernel], sliding, shape);
  return emitOne(dy.node.graph, op, [dy, kernel], sliding, { dtype: dy.dtype, shape });
}

/** Gradient of {@link depthwiseConv2d} to its kernel of `shape`. */
export function depthwiseConv2dFilterGradient(x: Tensor, dy: Tensor, sliding: Sliding, shape: Shape): Tensor {
  const op = 'depthwiseConv2dFilterGradient';
  requireFloats(op, [x, dy]);
  if (!connectsEach(x.shape, dy.shape, shape, sliding)) return refuseWay(op, [x, dy], sliding, shape);
  return emitOne(x.node.graph, op, [x, dy], sliding, { dtype: x.dtype, shape });
}

function refuseWay(op: string, operands: readonly Tensor[], sliding: Sliding, shape: Shape): never {
  return refuseShapes(op, operands, `do not lead to ${showShape(shape)} at ${showSliding(sliding)}`);
}

/** Applies a convolution to each group of channels with the kernels of that group. */
function byGroup(x: Tensor, kernel: Tensor, groups: number, apply: (part: Tensor, kernels: Tensor) => Tensor): Tensor {
  const kernels = split(kernel, groups, 3);
  const parts = split(x, groups, 3).map((part, group) => apply(part, kernels[group] ?? kernel));
  return concat(parts, 3);
}
