/** Images made smaller and larger by fixed rules, NHWC; knows no weights. */
import { emitOne } from '../graph.ts';
import { showShape } from '../shape.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { broadcastTo } from './arrange.ts';
import { refuseShapes, requireFloats } from './check.ts';
import { constant } from './constant.ts';
import { depthwiseConv2d, depthwiseConv2dInputGradient } from './convolution.ts';
import { countWindows, showSliding } from './window.ts';

/** Every pixel becomes `factor` × `factor` equal ones. */
export function upsampleNearest(x: Tensor, factor = 2): Tensor {
  requireFloats('upsampleNearest', [x]);
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  if (x.shape.length !== 4 || !isCount(factor)) {
    return refuseShapes('upsampleNearest', [x], `does not become ${factor} times as large`);
  }
  const shape = [n, factor * height, factor * width, channels];
  return factor === 1 ? x : emitOne(x.node.graph, 'upsampleNearest', [x], { factor }, { dtype: x.dtype, shape });
}

/** A square window that {@link averagePool} slides over images. */
export interface Pooling {
  readonly size: number;
  readonly stride: number;
  readonly padding: 'SAME' | 'VALID';
}

/**
 * Means of `size` × `size` pixels: `[n, h, w, channels]` gives `[n, h', w', channels]`. By default the windows lie side
 * by side and under SAME padding, which no mean counts: sides become ⌈h / size⌉ and ⌈w / size⌉.
 */
export function averagePool(
  x: Tensor,
  size = 2,
  { stride = size, padding = 'SAME' }: { stride?: number; padding?: 'SAME' | 'VALID' } = {},
): Tensor {
  requireFloats('averagePool', [x]);
  const pooling = { size, stride, padding };
  const shape = pooled(x.shape, pooling);
  if (!shape) return refuseShapes('averagePool', [x], `has no windows of ${size} × ${size} at ${showSliding(pooling)}`);
  return emitOne(x.node.graph, 'averagePool', [x], pooling, { dtype: x.dtype, shape });
}

/** Gradient of {@link averagePool} to its images of `shape`. */
export function averagePoolGradient(dy: Tensor, pooling: Pooling, shape: Shape): Tensor {
  requireFloats('averagePoolGradient', [dy]);
  const expected = pooled(shape, pooling);
  if (!expected || expected.some((length, axis) => length !== dy.shape[axis])) {
    return refuseShapes('averagePoolGradient', [dy], `does not lead to ${showShape(shape)} at ${showSliding(pooling)}`);
  }
  return emitOne(dy.node.graph, 'averagePoolGradient', [dy], pooling, { dtype: dy.dtype, shape });
}

function pooled(shape: Shape, pooling: Pooling): Shape | null {
  const { size } = pooling;
  const [n = 0, height = 0, width = 0, channels = 0] = shape;
  const [rows, columns] = countWindows([height, width], [size, size], pooling);
  return shape.length === 4 && isCount(size) && rows > 0 && columns > 0 ? [n, rows, columns, channels] : null;
}

/** `[n, h, w, block² · channels]` gives `[n, block · h, block · w, channels]`: channels become pixels (Shi et al. 2016). */
export function depthToSpace(x: Tensor, block: number): Tensor {
  const [n = 0, height = 0, width = 0, depth = 0] = x.shape;
  const channels = depth / block ** 2;
  if (x.shape.length !== 4 || !isCount(channels)) {
    return refuseShapes('depthToSpace', [x], `has no channels for blocks of ${block} × ${block}`);
  }
  const shape = [n, block * height, block * width, channels];
  return emitOne(x.node.graph, 'depthToSpace', [x], { block }, { dtype: x.dtype, shape });
}

/** `[n, h, w, channels]` gives `[n, h / block, w / block, block² · channels]`: what {@link depthToSpace} undoes. */
export function spaceToDepth(x: Tensor, block: number): Tensor {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [rows, columns] = [height / block, width / block];
  if (x.shape.length !== 4 || !isCount(rows) || !isCount(columns)) {
    return refuseShapes('spaceToDepth', [x], `has no blocks of ${block} × ${block}`);
  }
  const shape = [n, rows, columns, block ** 2 * channels];
  return emitOne(x.node.graph, 'spaceToDepth', [x], { block }, { dtype: x.dtype, shape });
}

/** A binomial low-pass filter, along rows and columns: StyleGAN2's. */
export const BINOMIAL: readonly number[] = [1, 3, 3, 1];

/** Filters each channel by `taps` along rows and along columns, whose sum is made 1. Sides stay; beyond the edges is 0. */
export function blur(x: Tensor, taps: readonly number[] = BINOMIAL): Tensor {
  return depthwiseConv2d(x, lowPass(x, taps, 1), 1);
}

/**
 * Low-pass filters and keeps every `factor`-th pixel, so that no frequency folds back (Karras et al. 2020): sides become
 * ⌈side / factor⌉.
 */
export function downsample(x: Tensor, factor = 2, taps: readonly number[] = BINOMIAL): Tensor {
  return depthwiseConv2d(x, lowPass(x, taps, 1), factor);
}

/** Interpolates by a low-pass filter: zeros between the pixels, then `taps`. What {@link downsample} brings to x's size. */
export function upsample(
  x: Tensor,
  factor = 2,
  taps: readonly number[] = BINOMIAL,
  size = { height: factor * (x.shape[1] ?? 0), width: factor * (x.shape[2] ?? 0) },
): Tensor {
  const shape = [x.shape[0] ?? 0, size.height, size.width, x.shape[3] ?? 0];
  // A factor² of the pixels are no zeros: the filter makes up for them.
  const kernel = lowPass(x, taps, factor ** 2);
  return depthwiseConv2dInputGradient(x, kernel, { stride: factor, padding: 'SAME' }, shape);
}

/** `[k, k, channels of x, 1]`: products of the taps, whose sum is `total`. */
function lowPass(x: Tensor, taps: readonly number[], total: number): Tensor {
  const sum = taps.reduce((a, b) => a + b, 0) ** 2;
  const values = taps.flatMap((row) => taps.map((column) => (total * row * column) / sum));
  const kernel = constant(x.node.graph, values, [taps.length, taps.length, 1, 1], x.dtype);
  return broadcastTo(kernel, [taps.length, taps.length, x.shape[3] ?? 0, 1]);
}

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;
