/** The convolutional GAN of the founding article; knows no loss and no optimizer. */
import type { ModelSpec } from '../../graph/spec/spec.ts';
import { type Graph, leakyRelu, relu, reshape, sizeOf, tanh } from '../engine/program/index.ts';
import { batchNorm, convolution, dense, transposedConvolution, weightsOf } from './layers/index.ts';
import type { Discriminator, Gan, Generator, ImageShape } from './network.ts';

type DcganSpec = Extract<ModelSpec, { architecture: 'DCGAN' }>;

/**
 * The article's DCGAN. G: dense → batch norm → transposed convolutions of stride 2 with ReLU between them, the last one
 * to the image with tanh. D: convolutions of stride 2 with LeakyReLU 0.2 and dropout → dense to one logit. Sizes halve
 * by ceiling, so that any image fits: 28 ← 14 ← 7 ← 4.
 *
 * Two things that the article leaves open were chosen by what digits look like after 800 steps: batch norm is of each
 * output of the dense layer (of each map G collapses: it has no other place to learn the frame of an image), and
 * kernels start as Glorot's rather than as N(0, 0.02).
 */
export function articleDcgan(graph: Graph, spec: DcganSpec, image: ImageShape): Gan {
  return { generator: generator(graph, spec, image), discriminator: discriminator(graph, spec, image) };
}

function generator(graph: Graph, spec: DcganSpec, [height, width, channels]: ImageShape): Generator {
  const outputs = [...spec.generatorChannels.slice(1), channels];
  const [maps = 1] = spec.generatorChannels;
  const seed = [halved(height, outputs.length), halved(width, outputs.length), maps];
  const project = dense(graph, 'generator/dense', {
    inputs: spec.latentSize,
    outputs: sizeOf(seed),
    bias: false, // batch norm takes a constant out again
  });
  const normalise = batchNorm(graph, 'generator/norm', sizeOf(seed));
  const stages = outputs.map((channels, stage) =>
    transposedConvolution(graph, `generator/stage${stage + 1}`, {
      size: spec.kernelSize,
      stride: 2,
      inputs: spec.generatorChannels[stage] ?? maps,
      outputs: channels,
      height: halved(height, outputs.length - 1 - stage),
      width: halved(width, outputs.length - 1 - stage),
    }),
  );
  return {
    weights: weightsOf([project, normalise, ...stages]),
    averages: normalise.averages,
    forward(z, values, normalisation) {
      const normal = normalise.apply(project.apply(z, values), values, normalisation);
      const start = reshape(normal, [z.shape[0] ?? 0, ...seed]);
      return tanh(stages.reduce((x, stage) => stage.apply(relu(x), values), start));
    },
  };
}

function discriminator(graph: Graph, spec: DcganSpec, [height, width, channels]: ImageShape): Discriminator {
  const inputs = [channels, ...spec.discriminatorChannels];
  const stages = spec.discriminatorChannels.map((outputs, stage) =>
    convolution(graph, `discriminator/stage${stage + 1}`, {
      size: spec.kernelSize,
      stride: 2,
      inputs: inputs[stage] ?? channels,
      outputs,
    }),
  );
  const flat = halved(height, stages.length) * halved(width, stages.length) * (inputs.at(-1) ?? channels);
  const judge = dense(graph, 'discriminator/dense', { inputs: flat, outputs: 1 });
  return {
    weights: weightsOf([...stages, judge]),
    forward(x, values, drop) {
      const features = stages.reduce(
        (x, stage, index) => drop(leakyRelu(stage.apply(x, values), 0.2), `stage${index + 1}`),
        x,
      );
      return judge.apply(reshape(features, [x.shape[0] ?? 0, flat]), values);
    },
  };
}

/** A side after `times` halvings by ceiling. */
function halved(side: number, times: number): number {
  return Math.ceil(side / 2 ** times);
}
