/** How many modes of a known, uniform set samples reach; knows no classifier and no images. */

export interface ModeCount {
  /** Modes that at least one sample hits. */
  readonly modes: number;
  /** KL(samples ‖ uniform) in nats. */
  readonly divergence: number;
}

/**
 * Counts what the labels of samples hit: the stacked digits of Metz et al. 2017 (arXiv:1611.02163), 1000 modes. A perfect
 * sampler has a divergence of about (of - 1) / (2 · samples), not 0.
 *
 * @param labels whole numbers below `of`
 */
export function countModes(labels: ArrayLike<number>, of: number): ModeCount {
  const counts = new Float64Array(of);
  for (let at = 0; at < labels.length; at++) counts[labels[at] ?? 0] = (counts[labels[at] ?? 0] ?? 0) + 1;
  const shares = [...counts.values()].filter((count) => count > 0).map((count) => count / labels.length);
  return { modes: shares.length, divergence: shares.reduce((sum, p) => sum + p * Math.log(p * of), 0) };
}
