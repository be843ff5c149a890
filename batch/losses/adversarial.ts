/** The two losses of the founding paper, on logits; knows no network and no optimizer. */
import { add, mean, negate, softplus, type Tensor } from '../engine/program/index.ts';

/** What each player minimises, from D's logits: `D(x) = sigmoid(logit)` is the probability that x is real. */
export interface AdversarialLoss {
  /** Scalar; `real` and `fake` are logits of any shape. */
  discriminator(real: Tensor, fake: Tensor): Tensor;
  /** Scalar. */
  generator(fake: Tensor): Tensor;
}

/** `-E log D(x) - E log(1 - D(G(z)))`; 2 ln 2 where D cannot tell (Goodfellow et al. 2014, equation 1). */
function discriminator(real: Tensor, fake: Tensor): Tensor {
  return add(mean(softplus(negate(real))), mean(softplus(fake)));
}

/**
 * The zero-sum game of Goodfellow et al. 2014, equation 1: G minimises `E log(1 - D(G(z)))`. Its gradient vanishes where
 * D is sure of itself, which is why the paper's own experiments use {@link nonSaturating}.
 */
export const minimax: AdversarialLoss = {
  discriminator,
  generator: (fake) => negate(mean(softplus(fake))),
};

/** G minimises `-E log D(G(z))`: same fixed point, strong gradient early (Goodfellow et al. 2014, section 3). */
export const nonSaturating: AdversarialLoss = {
  discriminator,
  generator: (fake) => mean(softplus(negate(fake))),
};
