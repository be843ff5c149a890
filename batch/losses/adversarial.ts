/** What the two players minimise, on D's logits; knows no network, no penalty and no optimizer. */
import {
  add,
  mean,
  negate,
  relu,
  scale,
  shift,
  softplus,
  square,
  subtract,
  type Tensor,
} from '../engine/program/index.ts';

/**
 * What each player minimises, as scalars. Logits of real and of generated images are of one shape, and stand in one order:
 * a loss may compare the n-th of one with the n-th of the other.
 */
export interface AdversarialLoss {
  discriminator(real: Tensor, fake: Tensor): Tensor;
  /** `real` passes real images through D: a loss that does without them does not call it, and does not pay for it. */
  generator(fake: Tensor, real: () => Tensor): Tensor;
}

/**
 * `-E log D(x) - E log(1 - D(G(z)))` with `D(x) = sigmoid(logit)`, the probability that x is real; 2 ln 2 where D cannot
 * tell (Goodfellow et al. 2014, equation 1).
 */
function crossEntropy(real: Tensor, fake: Tensor): Tensor {
  return add(mean(softplus(negate(real))), mean(softplus(fake)));
}

/**
 * The zero-sum game of Goodfellow et al. 2014, equation 1: G minimises `E log(1 - D(G(z)))`. Its gradient vanishes where
 * D is sure of itself, which is why the paper's own experiments use {@link nonSaturating}.
 */
export const minimax = {
  discriminator: crossEntropy,
  generator: (fake: Tensor) => negate(mean(softplus(fake))),
} satisfies AdversarialLoss;

/** G minimises `-E log D(G(z))`: same fixed point, strong gradient early (Goodfellow et al. 2014, section 3). */
export const nonSaturating = {
  discriminator: crossEntropy,
  generator: (fake: Tensor) => mean(softplus(negate(fake))),
} satisfies AdversarialLoss;

/**
 * `E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))` against `-E D(G(z))`: D learns only from images on the wrong side of its
 * margin (Lim and Ye 2017, arXiv:1705.02894; Miyato et al. 2018, equations 16 and 17).
 */
export const hinge = {
  discriminator: (real: Tensor, fake: Tensor) => add(mean(relu(shift(negate(real), 1))), mean(relu(shift(fake, 1)))),
  generator: (fake: Tensor) => negate(mean(fake)),
} satisfies AdversarialLoss;

/**
 * `½ E (D(x) - 1)² + ½ E D(G(z))²` against `½ E (D(G(z)) - 1)²`: an image far on the right side is pulled back as well
 * (Mao et al. 2017, arXiv:1611.04076, equation 9).
 */
export const leastSquares = {
  discriminator: (real: Tensor, fake: Tensor) => add(halfMeanSquare(shift(real, -1)), halfMeanSquare(fake)),
  generator: (fake: Tensor) => halfMeanSquare(shift(fake, -1)),
} satisfies AdversarialLoss;

/**
 * `E D(G(z)) - E D(x)` against `-E D(G(z))`: where D's slope is 1 at most, the distance that earth is to be moved
 * (Arjovsky et al. 2017, equation 2). It needs a gradient penalty: nothing else holds D back.
 */
export const wasserstein = {
  discriminator: (real: Tensor, fake: Tensor) => subtract(mean(fake), mean(real)),
  generator: (fake: Tensor) => negate(mean(fake)),
} satisfies AdversarialLoss;

/**
 * `E log(1 + exp(D(G(z)) - D(x)))` against `E log(1 + exp(D(x) - D(G(z))))`, over pairs of a real and a generated image:
 * only how they compare counts, so that no mode is worth dropping (Jolicoeur-Martineau 2018, arXiv:1807.00734, and Sun,
 * Fang and Schwing 2020, arXiv:2011.04926; with R1 and R2 it is the loss of R3GAN, Huang et al. 2024). G's loss needs D's
 * logits of real images too.
 */
export const relativisticPairing = {
  discriminator: (real: Tensor, fake: Tensor) => mean(softplus(subtract(fake, real))),
  generator: (fake: Tensor, real: () => Tensor) => mean(softplus(subtract(real(), fake))),
} satisfies AdversarialLoss;

/**
 * `loss`, which must be of cross entropy, where D is to give real images the probability `target` instead of 1: one-sided
 * label smoothing (Salimans et al. 2016, section 3.4). The targets of generated images and G's loss stay, as otherwise
 * D would hold on to what G does wrong. From `-t log σ(r) - (1-t) log(1-σ(r)) = -log σ(r) + (1-t) r`.
 */
export function smoothed(loss: AdversarialLoss, target: number): AdversarialLoss {
  return {
    discriminator: (real, fake) => add(loss.discriminator(real, fake), scale(mean(real), 1 - target)),
    generator: loss.generator,
  };
}

const halfMeanSquare = (x: Tensor): Tensor => scale(mean(square(x)), 0.5);
