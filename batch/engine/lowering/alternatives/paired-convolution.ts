/** A convolution of stride 1 to an image of few channels, as one of stride 2 to four times as many. */
import { inputOf, outputOf } from '../../program/graph.ts';
import { concat, conv2d, depthToSpace, type Padding, pad, slice, type Tensor } from '../../program/index.ts';
import type { AnyNode, Node } from '../../program/tensor.ts';
import type { Alternative } from './alternative.ts';

/** Of a convolution under SAME padding. */
export interface PairedSize {
  readonly batch: number;
  /** Of the image, which is a square. */
  readonly side: number;
  readonly channels: number;
  /** Maps that the image is made of. */
  readonly features: number;
  /** Side of the kernel. */
  readonly kernel: number;
}

const CHANNELS = 4;
const KERNEL = [3, 5] as const;

/**
 * oneDNN computes 16 channels at once: an image of 1 to 4 leaves most of the processor idle. Four neighbouring pixels
 * together have four times as many. They see k + 1 rows and columns, of which each ignores one: the kernel of all four
 * holds the same numbers four times, and zeros.
 */
export const pairedConvolution: Alternative<PairedSize> = {
  name: 'paired convolution',
  fits(node) {
    if (!isStraight(node)) return false;
    const { shape, dtype } = outputOf(node, 0);
    const sides = inputOf(node, 1).shape.slice(0, 2);
    const [least, most] = KERNEL;
    return dtype === 'float32' && (shape[3] ?? 0) <= CHANNELS && sides.every((side) => side >= least && side <= most);
  },
  build(node, inputs) {
    const [x, kernel] = inputs as [Tensor, Tensor];
    const { shape } = outputOf(node, 0);
    const [height = 0, width = 0, features = 0, channels = 0] = kernel.shape;
    const shifted = [0, 1].flatMap((row) =>
      [0, 1].map((column) => pad(kernel, [row, column, 0, 0], [height + 1, width + 1, features, channels])),
    );
    const padding = surroundings(node as Node<'conv2d'>);
    const pairs = conv2d(x, concat(shifted, 3), 2, { padding });
    return slice(depthToSpace(pairs, 2), [0, 0, 0, 0], shape);
  },
  example({ batch, side, channels, features, kernel }, input) {
    const maps = input('maps', [batch, side, side, features]);
    return conv2d(maps, input('kernel', [kernel, kernel, features, channels]), 1);
  },
  measured: {
    machine: '2 cores of AMD EPYC (Zen 4), TensorFlow 2.21, oneDNN',
    rows: [
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 3 }, plain: 13.46, other: 8.23 },
      { size: { batch: 64, side: 64, channels: 3, features: 64, kernel: 3 }, plain: 26, other: 15.89 },
      { size: { batch: 32, side: 64, channels: 3, features: 32, kernel: 3 }, plain: 6.82, other: 4.75 },
      { size: { batch: 32, side: 63, channels: 3, features: 64, kernel: 3 }, plain: 14.12, other: 9.16 },
      { size: { batch: 16, side: 128, channels: 3, features: 32, kernel: 3 }, plain: 13.64, other: 8.69 },
      { size: { batch: 32, side: 28, channels: 1, features: 64, kernel: 3 }, plain: 2.56, other: 1.72 },
      { size: { batch: 32, side: 64, channels: 2, features: 64, kernel: 3 }, plain: 13.94, other: 8.6 },
      { size: { batch: 32, side: 64, channels: 4, features: 64, kernel: 3 }, plain: 13.32, other: 8.08 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 5 }, plain: 30.85, other: 13.67 },
      { size: { batch: 32, side: 32, channels: 3, features: 256, kernel: 3 }, plain: 11.96, other: 6.12 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 1 }, plain: 4.32, other: 4.39 },
      { size: { batch: 32, side: 64, channels: 8, features: 64, kernel: 3 }, plain: 13.99, other: 14.26 },
    ],
  },
};

const isStraight = (node: AnyNode): node is Node<'conv2d'> & AnyNode =>
  node.op === 'conv2d' && node.attributes.stride === 1;

/** Zeros around the maps, so that pairs of windows cover the image; one row and column more where it is odd. */
function surroundings(node: Node<'conv2d'>): Exclude<Padding, string> {
  const { padding } = node.attributes;
  const [kernel, image] = [inputOf(node, 1).shape, outputOf(node, 0).shape];
  const along = (axis: 0 | 1): readonly [number, number] => {
    const zeros = padding === 'SAME' ? (kernel[axis] ?? 1) - 1 : 0;
    const [before, after] = typeof padding === 'string' ? [zeros >> 1, zeros - (zeros >> 1)] : padding[axis];
    return [before, after + ((image[axis + 1] ?? 0) % 2)];
  };
  return [along(0), along(1)];
}
