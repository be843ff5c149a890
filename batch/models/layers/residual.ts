/** A residual block without normalisation; knows nothing of what stands before and after it. */
import { add, type Graph, leakyRelu } from '../../engine/program/index.ts';
import { convolution } from './convolution.ts';
import { he, zeros } from './initial.ts';
import { type Layer, weightsOf } from './layer.ts';

export interface Residual {
  readonly channels: number;
  /** Channels of the 3 × 3 convolution in the middle; half of `channels` by default. */
  readonly middle?: number;
  /** Blocks of the whole network: the more there are, the smaller each begins. 1 by default. */
  readonly blocks?: number;
}

/**
 * `x + 1×1(leaky(3×3(leaky(1×1(x)))))`, as in R3GAN (Huang et al. 2024) but with one group. Without normalisation it is
 * stable by its start (Zhang, Dauphin and Ma 2019): the last convolution at zero, so that the block begins as the
 * identity, the others at He's times blocks^(-1/4). Same shape in and out, `[n, h, w, channels]`. State:
 * `<name>/reduce/{kernel,bias}`, `<name>/middle/{kernel,bias}`, `<name>/expand/kernel`.
 */
export function residual(
  graph: Graph,
  name: string,
  { channels, middle = Math.ceil(channels / 2), blocks = 1 }: Residual,
): Layer {
  const gain = blocks ** -0.25;
  const part = (part: string, size: number, inputs: number, outputs: number) =>
    convolution(graph, `${name}/${part}`, { size, stride: 1, inputs, outputs, init: he(size ** 2 * inputs, { gain }) });
  const reduce = part('reduce', 1, channels, middle);
  const mix = part('middle', 3, middle, middle);
  const expand = convolution(graph, `${name}/expand`, {
    size: 1,
    stride: 1,
    inputs: middle,
    outputs: channels,
    init: zeros,
    bias: false,
  });
  return {
    weights: weightsOf([reduce, mix, expand]),
    apply(x, values) {
      const reduced = leakyRelu(reduce.apply(x, values), 0.2);
      return add(x, expand.apply(leakyRelu(mix.apply(reduced, values), 0.2), values));
    },
  };
}
