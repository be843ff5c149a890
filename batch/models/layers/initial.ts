/** How weights begin; knows no layer. */
import type { Init } from '../../engine/program/index.ts';

export const zeros: Init = { kind: 'fill', value: 0 };
export const ones: Init = { kind: 'fill', value: 1 };

/** Glorot and Bengio 2010, uniform: the variance of values and of gradients stays the same from layer to layer. */
export function glorot(fanIn: number, fanOut: number): Init {
  return { kind: 'uniform', limit: Math.sqrt(6 / (fanIn + fanOut)) };
}
