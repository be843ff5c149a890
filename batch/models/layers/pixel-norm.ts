/** Pixel norm: the length of each pixel is fixed; has no state. */
import { mean, multiply, reshape, rsqrt, shift, square, type Tensor } from '../../engine/program/index.ts';

/**
 * Scales each vector along the last axis to a mean square of 1 (Karras et al. 2018, section 4.2). `x` `[n, …, channels]`;
 * of latents `[n, size]` it makes points of a sphere.
 */
export function pixelNorm(x: Tensor): Tensor {
  const axis = x.shape.length - 1;
  const power = reshape(mean(square(x), [axis]), x.shape.with(axis, 1));
  return multiply(x, rsqrt(shift(power, 1e-8)));
}
