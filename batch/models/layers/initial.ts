/** How weights begin; knows no layer. */
import type { Init } from '../../engine/program/index.ts';

export const zeros: Init = { kind: 'fill', value: 0 };
export const ones: Init = { kind: 'fill', value: 1 };

/** Normal numbers of mean 0. */
export function normal(deviation: number): Init {
  return { kind: 'normal', deviation };
}

/** Glorot and Bengio 2010, uniform: the variance of values and of gradients stays the same from layer to layer. */
export function glorot(fanIn: number, fanOut: number): Init {
  return { kind: 'uniform', limit: Math.sqrt(6 / (fanIn + fanOut)) };
}

/**
 * He et al. 2015, equation 15, normal: the variance of values stays the same behind a LeakyReLU of `slope`, 0.2 by
 * default; 1 stands for none. Times `gain`.
 */
export function he(fanIn: number, { slope = 0.2, gain = 1 }: { slope?: number; gain?: number } = {}): Init {
  return normal(gain * Math.sqrt(2 / ((1 + slope ** 2) * fanIn)));
}
