/** A small residual GAN without normalisation, conditional where there are classes; knows no loss and no optimizer. */
import { halvingsOf } from '../../graph/spec/model.ts';
import type { ModelSpec } from '../../graph/spec/spec.ts';
import { add, type Graph, leakyRelu, type Tensor } from '../engine/program/index.ts';
import {
  basisInput,
  basisOutput,
  convolution,
  dense,
  downsampling,
  embedding,
  he,
  type Layer,
  normal,
  projection,
  residual,
  transposedConvolution,
  upsampling,
  type Values,
  weightsOf,
} from './layers/index.ts';
import type { Discriminator, Gan, Generator, ImageShape } from './network.ts';

type R3ganSpec = Extract<ModelSpec, { architecture: 'R3GAN' }>;

/** Channels beside the image, and most of them far from it, at capacity 1. */
const [CHANNELS, MOST_CHANNELS] = [64, 256];

/** A map that no activation follows keeps the variance of what goes in with half of He's. */
const linear = (fanIn: number) => he(2 * fanIn);

/**
 * R3GAN (Huang et al. 2024) for small images and few minutes. Sides halve until 5 to 8 pixels are left; each size has one
 * residual block, of twice the channels of the size before.
 *
 * G: the latent, mapped and with the vector of its class added, weighs a learned basis; blocks, each followed by a 1×1
 * convolution and a doubling of the size; a transposed convolution of stride 2 to the image, without tanh. D: a convolution
 * of stride 2, blocks with means of 2×2 pixels and 1×1 convolutions between them, inner products with a learned basis,
 * projected on the class. LeakyReLU 0.2, no normalisation: residual blocks begin as the identity, the rest as He et al.
 * have it. The image's bias begins below zero, because most drawings are dark.
 *
 * @param classes what labels tell apart; 0: neither network is told
 */
export function r3gan(graph: Graph, spec: R3ganSpec, image: ImageShape, classes: number): Gan {
  const [height, width] = image;
  const halvings = halvingsOf({ height, width });
  if (halvings === null) throw new RangeError(`images of ${width}×${height} pixels cannot be halved as R3GAN does`);
  const stages = Array.from({ length: halvings }, (_, stage) => {
    const channels = Math.min(CHANNELS * 2 ** stage, MOST_CHANNELS) * spec.capacity;
    // Even, because a block has half as many in its middle.
    return 2 * Math.max(1, Math.round(channels / 2));
  });
  const plan: Plan = {
    image,
    stages,
    base: { height: height / 2 ** halvings, width: width / 2 ** halvings, channels: stages.at(-1) ?? CHANNELS },
    classes,
  };
  return { generator: generator(graph, spec.latentSize, plan), discriminator: discriminator(graph, plan) };
}

interface Plan {
  readonly image: ImageShape;
  /** Channels by size, from the one next to the image inwards. */
  readonly stages: readonly number[];
  /** The smallest size. */
  readonly base: { readonly height: number; readonly width: number; readonly channels: number };
  readonly classes: number;
}

function generator(graph: Graph, latentSize: number, { image, stages, base, classes }: Plan): Generator {
  const [height, width, channels] = image;
  const project = dense(graph, 'generator/latent', {
    inputs: latentSize,
    outputs: base.channels,
    init: linear(latentSize),
  });
  const known =
    classes > 0 ? embedding(graph, 'generator/class', { classes, size: base.channels, init: normal(0.7) }) : null;
  const start = basisInput(graph, 'generator/start', base);
  const body = stages.toReversed().flatMap((own, index, inwards): Layer[] => {
    const name = `generator/stage${index + 1}`;
    const block = residual(graph, `${name}/block`, { channels: own, blocks: stages.length });
    const outputs = inwards[index + 1];
    if (outputs === undefined) return [block];
    const grow = { size: 1, inputs: own, outputs, init: linear(own), bias: false };
    return [block, upsampling(graph, `${name}/up`, grow)];
  });
  const [last = CHANNELS] = stages;
  const paint = transposedConvolution(graph, 'generator/image', {
    ...{ size: 4, stride: 2, inputs: last, outputs: channels, height, width },
    // Each pixel is the sum of 2×2 of the kernel's 4×4 places.
    init: linear(4 * last),
    bias: { kind: 'fill', value: -0.5 },
  });
  return {
    weights: weightsOf([project, ...(known ? [known] : []), start, ...body, paint]),
    averages: [],
    bounded: false,
    forward(z, values, _, labels) {
      const latent = project.apply(z, values);
      const told = known ? add(latent, known.apply(required(labels), values)) : latent;
      const small = leakyRelu(start.apply(told, values), 0.2);
      return paint.apply(leakyRelu(through(body, small, values), 0.2), values);
    },
  };
}

function discriminator(graph: Graph, { image: [, , channels], stages, base, classes }: Plan): Discriminator {
  const [first = CHANNELS] = stages;
  const stem = convolution(graph, 'discriminator/stem', {
    ...{ size: 4, stride: 2, inputs: channels, outputs: first },
    init: he(16 * channels),
  });
  const body = stages.flatMap((own, index): Layer[] => {
    const name = `discriminator/stage${index + 1}`;
    const block = residual(graph, `${name}/block`, { channels: own, blocks: stages.length });
    const outputs = stages[index + 1];
    if (outputs === undefined) return [block];
    const shrink = { size: 1, inputs: own, outputs, init: linear(own), bias: false };
    return [block, downsampling(graph, `${name}/down`, shrink)];
  });
  const end = basisOutput(graph, 'discriminator/end', base);
  const judge = head(graph, base.channels, classes);
  return {
    weights: weightsOf([stem, ...body, end, judge]),
    sight: 'image',
    forward(x, values, _, labels) {
      const seen = leakyRelu(stem.apply(x, values), 0.2);
      const features = end.apply(leakyRelu(through(body, seen, values), 0.2), values);
      return judge.apply(features, values, labels);
    },
  };
}

/** From features to a logit, given the class where there are classes. */
function head(graph: Graph, features: number, classes: number) {
  const [name, options] = ['discriminator/judge', { init: linear(features), bias: false }];
  if (classes === 0) return dense(graph, name, { ...options, inputs: features, outputs: 1 });
  const { weights, apply } = projection(graph, name, { ...options, features, classes });
  return { weights, apply: (x: Tensor, values: Values, labels?: Tensor) => apply(x, required(labels), values) };
}

const through = (layers: readonly Layer[], x: Tensor, values: Values): Tensor =>
  layers.reduce((x, layer) => layer.apply(x, values), x);

function required(labels: Tensor | undefined): Tensor {
  if (labels === undefined) throw new RangeError('a conditional network without labels');
  return labels;
}
