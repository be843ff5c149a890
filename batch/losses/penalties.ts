/** Gradient penalties: what D pays for being steep where images are; knows no network and no loss. */
import { gradients } from '../engine/autodiff/gradients.ts';
import {
  add,
  buildWide,
  halfSquareSum,
  mean,
  multiply,
  scale,
  shift,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
} from '../engine/program/index.ts';

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

/** Keeps a norm's own slope finite where it is 0. */
const LEAST_SQUARE = 1e-12;

/**
 * `mean over examples of (‖slope‖ - 1)²`, norms over pixels: D is to rise as fast as a Lipschitz constant of 1 allows. Times
 * λ = 10, at images {@link between} real and generated ones, it is the penalty of WGAN-GP (Gulrajani et al. 2017,
 * equation 3).
 */
export function oneCentred(slopes: Tensor): Tensor {
  const squares = sum(square(slopes), [1, 2, 3]);
  return mean(square(shift(sqrt(shift(squares, LEAST_SQUARE)), -1)));
}

/** Points on the straight lines from each `fake` image to the `real` one at its place; `shares` `[n, 1, 1, 1]` say how far. */
export function between({ real, fake }: Readonly<Record<'real' | 'fake', Tensor>>, shares: Tensor): Tensor {
  return add(fake, multiply(shares, subtract(real, fake)));
}
