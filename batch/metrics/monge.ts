/** Monge's distance of two clouds of features; knows nothing of how features came about. */
import type { Matrix } from './matrix.ts';
import { slicedTransport } from './sliced.ts';

const DIRECTIONS = 1000;

/**
 * 3d times the mean squared transport along 1000 random directions: on features of Inception the MIND (Berthet et al. 2026,
 * arXiv:2605.06797). No Gaussian is assumed and no matrix is decomposed.
 */
export function mongeDistance(real: Matrix, fake: Matrix, seed: number): number {
  return 3 * real.columns * slicedTransport(real, fake, { directions: DIRECTIONS, power: 2, seed });
}
