/** Images as a quarter of the pixels with four times the channels, and convolutions over them; knows no price. */
import { inputOf, outputOf } from '../../program/graph.ts';
import { conv2dInputGradient, pad, reshape, type Shape, type Tensor, transpose } from '../../program/index.ts';
import type { AnyNode, Node } from '../../program/tensor.ts';

/** How the pixels of an image lie among folded ones, along one axis. */
export interface Folding {
  /** Pixels of the image. */
  readonly side: number;
  /** Folded pixels: each is two of the image, or of what surrounds it. */
  readonly folded: number;
  /** Where the image begins among the unfolded ones. */
  readonly from: number;
}

/** A transposed convolution to an image of few channels by a small kernel, both in every respect that matters here. */
export interface Limits {
  readonly channels: number;
  /** Smallest and largest side of the kernel. */
  readonly kernel: readonly [least: number, most: number];
}

/** Whether a node is a transposed convolution of stride 2 within `limits`, to an image that its kernel covers. */
export function foldsTo(
  node: AnyNode,
  { channels, kernel: [least, most] }: Limits,
): node is Node<'conv2dInputGradient'> & AnyNode {
  if (node.op !== 'conv2dInputGradient' || node.attributes.stride !== 2) return false;
  const { shape, dtype } = outputOf(node, 0);
  const sides = inputOf(node, 1).shape.slice(0, 2);
  return (
    dtype === 'float32' &&
    (shape[3] ?? 0) <= channels &&
    sides.every((side) => side >= least && side <= most) &&
    foldings(node).every(({ from, side, folded }) => from + side <= 2 * folded)
  );
}

/** Of a transposed convolution of stride 2: its rows and its columns. */
export function foldings(node: Node<'conv2dInputGradient'>): [rows: Folding, columns: Folding] {
  const [image, small, kernel] = [outputOf(node, 0).shape, inputOf(node, 0).shape, inputOf(node, 1).shape];
  const { padding } = node.attributes;
  const along = (axis: 0 | 1): Folding => {
    const [side = 0, windows = 0, size = 0] = [image[axis + 1], small[axis + 1], kernel[axis]];
    const same = Math.max(2 * (windows - 1) + size - side, 0) >> 1;
    const from = padding === 'SAME' ? same : padding === 'VALID' ? 0 : padding[axis][0];
    return { side, folded: windows - 1 + Math.ceil(size / 2), from };
  };
  return [along(0), along(1)];
}

/**
 * A kernel `[height, width, channels, features]` in pairs of rows and columns, with zeros where one is odd:
 * `[⌈height / 2⌉, 2, ⌈width / 2⌉, 2, channels, features]`, its axes then arranged as `permutation` says.
 */
export function kernelPairs(kernel: Tensor, permutation: readonly number[]): Tensor {
  const [height = 0, width = 0, channels = 0, features = 0] = kernel.shape;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const even = pad(kernel, [0, 0, 0, 0], [2 * rows, 2 * columns, channels, features]);
  return transpose(reshape(even, [rows, 2, columns, 2, channels, features]), permutation);
}

/** Of a transposed convolution of stride 2 under SAME padding. */
export interface ImageSize {
  readonly batch: number;
  /** Of the image, which is a square. */
  readonly side: number;
  readonly channels: number;
  /** Maps that the image is made of. */
  readonly features: number;
  /** Side of the kernel. */
  readonly kernel: number;
}

export function imageExample(
  { batch, side, channels, features, kernel }: ImageSize,
  input: (name: string, shape: Shape) => Tensor,
): Tensor {
  const small = Math.ceil(side / 2);
  const maps = input('maps', [batch, small, small, features]);
  const weights = input('kernel', [kernel, kernel, channels, features]);
  return conv2dInputGradient(maps, weights, { stride: 2, padding: 'SAME' }, [batch, side, side, channels]);
}
