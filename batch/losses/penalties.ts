/** Gradient penalties: what D pays for being steep where images are; knows no network and no loss. */
import { gradients } from '../engine/autodiff/gradients.ts';
import { buildWide, halfSquareSum, scale, type Tensor } from '../engine/program/index.ts';

/**
 * `∂logit/∂image` for each example, `[n, height, width, channels]`. `logits` `[n, 1]` come from `images`, those before any
 * augmentation: what lies between is differentiated too, so that D becomes flat around the images and not around what
 * augmentation made of them (Karras et al. 2020, arXiv:2006.06676). Where D sees the whole batch it is the slope of the
 * sum of all logits.
 *
 * A penalty squares it and is differentiated once more: it has all digits, whatever products are computed in elsewhere.
 */
export function slope(logits: Tensor, images: Tensor): Tensor {
  const [slope = images] = buildWide(logits.node.graph, () => gradients(logits, [images]));
  return slope;
}

/**
 * `½ · mean over examples of ‖slope‖²`, squares summed over pixels. Times γ it is R1 where the images are real and R2
 * where they are generated (Mescheder et al. 2018, "Which training methods for GANs do actually converge?", section 4.1).
 */
export function zeroCentred(slopes: Tensor): Tensor {
  return scale(halfSquareSum(slopes), 1 / (slopes.shape[0] ?? 1));
}
