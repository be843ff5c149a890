/** A small convolutional classifier whose last hidden layer is what features are taken from; knows no training and no images. */
import { type Graph, relu, reshape, type State, type Tensor } from '../../engine/program/index.ts';
import {
  batchNorm,
  convolution,
  dense,
  he,
  type Normalisation,
  type Values,
  weightsOf,
} from '../../models/layers/index.ts';
import type { Drop, ImageShape } from '../../models/network.ts';

/** Numbers that describe an image. */
export const FEATURES = 128;

export interface ClassifierNetwork {
  readonly weights: readonly State[];
  /** Moving averages of batch norm. */
  readonly averages: readonly State[];
  /** Images `[n, height, width, channels]` in [-1, 1] → features `[n, 128]`, none of them negative, and logits `[n, classes]`. */
  forward(x: Tensor, values: Values, normalisation: Normalisation, drop: Drop): { features: Tensor; logits: Tensor };
}

/** Convolutions to 32, 64 and 128 maps, the last two of stride 2, and a dense layer of 128; batch norm and ReLU after each. */
export function classifierNetwork(
  graph: Graph,
  [height, width, channels]: ImageShape,
  classes: number,
): ClassifierNetwork {
  const stages = [
    { size: 3, stride: 1, inputs: channels, outputs: 32 },
    { size: 4, stride: 2, inputs: 32, outputs: 64 },
    { size: 4, stride: 2, inputs: 64, outputs: 128 },
  ].map((kernel, index) => {
    const name = `stage${index + 1}`;
    const init = he(kernel.size ** 2 * kernel.inputs, { slope: 0 });
    // Batch norm takes a constant out again.
    const map = convolution(graph, name, { ...kernel, init, bias: false });
    return { name, map, norm: batchNorm(graph, `${name}/norm`, kernel.outputs) };
  });
  const flat = Math.ceil(height / 4) * Math.ceil(width / 4) * 128;
  const describe = dense(graph, 'features', {
    inputs: flat,
    outputs: FEATURES,
    init: he(flat, { slope: 0 }),
    bias: false,
  });
  const norm = batchNorm(graph, 'features/norm', FEATURES);
  const tell = dense(graph, 'logits', { inputs: FEATURES, outputs: classes });
  return {
    weights: weightsOf([...stages.flatMap(({ map, norm }) => [map, norm]), describe, norm, tell]),
    averages: [...stages.flatMap(({ norm }) => norm.averages), ...norm.averages],
    forward(x, values, normalisation, drop) {
      const maps = stages.reduce(
        (x, { map, norm }) => relu(norm.apply(map.apply(x, values), values, normalisation)),
        x,
      );
      const seen = drop(reshape(maps, [x.shape[0] ?? 0, flat]), 'maps');
      const features = relu(norm.apply(describe.apply(seen, values), values, normalisation));
      return { features, logits: tell.apply(drop(features, 'features'), values) };
    },
  };
}
