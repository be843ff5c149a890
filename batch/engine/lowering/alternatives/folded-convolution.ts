/** A transposed convolution of stride 2 to an image of few channels, as one of stride 1 to four times as many. */
import { outputOf } from '../../program/graph.ts';
import { conv2dInputGradient, depthToSpace, reshape, slice, type Tensor } from '../../program/index.ts';
import type { Node } from '../../program/tensor.ts';
import type { Alternative } from './alternative.ts';
import { foldings, foldsTo, type ImageSize, imageExample, kernelPairs } from './folding.ts';

/**
 * oneDNN computes 16 channels at once: an image of 1 to 4 leaves most of the processor idle. Four neighbouring pixels
 * together have four times as many, and what was a kernel of side k and stride 2 has side ⌈k/2⌉ and stride 1 there. The
 * products are the same, and zeros.
 */
export const foldedConvolution: Alternative<ImageSize> = {
  name: 'folded convolution',
  fits: (node) => foldsTo(node, { channels: 4, kernel: [3, 6] }),
  build(node, inputs) {
    const [maps, kernel] = inputs as [Tensor, Tensor];
    const { shape } = outputOf(node, 0);
    const [batch = 0, , , channels = 0] = shape;
    const [rows, columns] = foldings(node as Node<'conv2dInputGradient'>);
    const pairs = kernelPairs(kernel, [0, 2, 1, 3, 4, 5]);
    const [height = 0, width = 0, , , , features = 0] = pairs.shape;
    const folded = reshape(pairs, [height, width, 4 * channels, features]);
    const size = [batch, rows.folded, columns.folded, 4 * channels];
    const quads = conv2dInputGradient(maps, folded, { stride: 1, padding: 'VALID' }, size);
    return slice(depthToSpace(quads, 2), [0, rows.from, columns.from, 0], shape);
  },
  example: imageExample,
  measured: {
    machine: '2 cores of AMD EPYC (Zen 4), TensorFlow 2.21, oneDNN',
    rows: [
      { size: { batch: 32, side: 28, channels: 1, features: 64, kernel: 5 }, plain: 1.83, other: 0.97 },
      { size: { batch: 32, side: 28, channels: 3, features: 64, kernel: 4 }, plain: 1.28, other: 0.61 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 4 }, plain: 6.48, other: 2.86 },
      { size: { batch: 64, side: 64, channels: 3, features: 64, kernel: 4 }, plain: 12.05, other: 5.19 },
      { size: { batch: 32, side: 64, channels: 3, features: 32, kernel: 4 }, plain: 6.55, other: 2.68 },
      { size: { batch: 32, side: 63, channels: 3, features: 64, kernel: 4 }, plain: 5.73, other: 2.77 },
      { size: { batch: 32, side: 128, channels: 3, features: 32, kernel: 4 }, plain: 12.29, other: 5.98 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 3 }, plain: 4.12, other: 2.86 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 5 }, plain: 9.3, other: 4.57 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 6 }, plain: 13.07, other: 4.65 },
      { size: { batch: 32, side: 64, channels: 4, features: 64, kernel: 4 }, plain: 6.71, other: 3.01 },
      { size: { batch: 32, side: 32, channels: 3, features: 256, kernel: 4 }, plain: 5.61, other: 2.1 },
      { size: { batch: 8, side: 32, channels: 3, features: 64, kernel: 4 }, plain: 0.94, other: 0.5 },
      { size: { batch: 32, side: 64, channels: 3, features: 64, kernel: 2 }, plain: 2.22, other: 2.13 },
    ],
  },
};
