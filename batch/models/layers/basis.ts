/** Learned bases: how a network gets from a vector to a small image, and back; knows no convolution. */
import { type Graph, multiply, reshape, type State, state, sum } from '../../engine/program/index.ts';
import { normal } from './initial.ts';
import type { Layer } from './layer.ts';

/** Size of the small image. */
interface Basis {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Each channel of an image is a learned pattern times a number: `[n, channels]` → `[n, height, width, channels]`, as
 * R3GAN's generator begins (Huang et al. 2024). State: `<name>/basis` `[height, width, channels]`.
 */
export function basisInput(graph: Graph, name: string, size: Basis): Layer {
  const basis = declare(graph, name, size, 1);
  return {
    weights: [basis],
    apply: (x, values) => multiply(reshape(x, [x.shape[0] ?? 0, 1, 1, size.channels]), values(basis)),
  };
}

/**
 * How much each channel of an image is like a learned pattern: `[n, height, width, channels]` → `[n, channels]`, the
 * inner products, as R3GAN's discriminator ends. State: `<name>/basis` `[height, width, channels]`.
 */
export function basisOutput(graph: Graph, name: string, size: Basis): Layer {
  const basis = declare(graph, name, size, 1 / Math.sqrt(size.height * size.width));
  return { weights: [basis], apply: (x, values) => sum(multiply(x, values(basis)), [1, 2]) };
}

function declare(graph: Graph, name: string, { height, width, channels }: Basis, deviation: number): State {
  return state(graph, `${name}/basis`, [height, width, channels], { init: normal(deviation) });
}
