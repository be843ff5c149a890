/** A transposed convolution of stride 2 to an image of one or two channels, as a product of matrices and two sums. */
import { outputOf } from '../../program/graph.ts';
import { matMul, pad, reshape, slice, sum, type Tensor, transpose } from '../../program/index.ts';
import type { Node } from '../../program/tensor.ts';
import type { Alternative } from './alternative.ts';
import { foldings, foldsTo, type ImageSize, imageExample, kernelPairs } from './folding.ts';

/**
 * What each pixel of the maps adds to the image is one product of matrices, whose 16 columns a channel (4 × 4 pixels)
 * fill oneDNN's vectors. Neighbours overlap in half of them: sums of pairs along the rows, then along the columns, put
 * them together. With more channels these sums cost more than the idle part of the vectors.
 */
export const summedColumns: Alternative<ImageSize> = {
  name: 'summed columns',
  fits: (node) => foldsTo(node, { channels: 2, kernel: [3, 4] }),
  build(node, inputs) {
    const [maps, kernel] = inputs as [Tensor, Tensor];
    const { shape } = outputOf(node, 0);
    const [, , , channels = 0] = shape;
    const [batch = 0, height = 0, width = 0, features = 0] = maps.shape;
    const [rows, columns] = foldings(node as Node<'conv2dInputGradient'>);
    // The second column of a pair, then the second row, the first of each, and channels.
    const parts = reshape(kernelPairs(kernel, [2, 0, 1, 3, 4, 5]), [16 * channels, features]);
    const pixels = reshape(maps, [batch * height * width, features]);
    const product = matMul(pixels, parts, { transposeB: true });
    const wide = sumOverlaps(reshape(product, [batch * height, 2 * width, 8 * channels]));
    const lines = transpose(reshape(wide, [batch * height, columns.folded, 4, 2 * channels]), [0, 2, 1, 3]);
    const full = sumOverlaps(reshape(lines, [batch, 2 * height, 4 * columns.folded * channels]));
    const unfolded = reshape(full, [batch, 2 * rows.folded, 2 * columns.folded, channels]);
    return slice(unfolded, [0, rows.from, columns.from, 0], shape);
  },
  example: imageExample,
  measured: {
    machine: '2 cores of AMD EPYC (Zen 4), TensorFlow 2.21, oneDNN',
    rows: [
      { size: { batch: 32, side: 28, channels: 1, features: 64, kernel: 4 }, plain: 1.17, other: 0.58 },
      { size: { batch: 64, side: 28, channels: 1, features: 64, kernel: 4 }, plain: 2.23, other: 0.78 },
      { size: { batch: 128, side: 28, channels: 1, features: 32, kernel: 4 }, plain: 2.87, other: 0.8 },
      { size: { batch: 32, side: 64, channels: 1, features: 64, kernel: 4 }, plain: 6.28, other: 1.34 },
      { size: { batch: 32, side: 27, channels: 1, features: 64, kernel: 4 }, plain: 1.26, other: 0.49 },
      { size: { batch: 32, side: 28, channels: 1, features: 64, kernel: 3 }, plain: 0.87, other: 0.43 },
      { size: { batch: 32, side: 28, channels: 2, features: 64, kernel: 4 }, plain: 1.3, other: 0.6 },
      { size: { batch: 32, side: 64, channels: 2, features: 64, kernel: 4 }, plain: 6.19, other: 1.82 },
      { size: { batch: 16, side: 128, channels: 1, features: 32, kernel: 4 }, plain: 6.44, other: 1.7 },
    ],
  },
};

/** `[n, 2m, k]`, pairs of which the second lies where the next pair's first does, to `[n, m + 1, k]`. */
function sumOverlaps(x: Tensor): Tensor {
  const [n = 0, halves = 0, k = 0] = x.shape;
  const surrounded = pad(x, [0, 1, 0], [n, halves + 2, k]);
  return sum(reshape(surrounded, [n, halves / 2 + 1, 2, k]), [2]);
}
