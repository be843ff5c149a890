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
 *
 * With `norms: 'all'` every map of G but the image is batch-normalised, and then has no bias (Radford, Metz and Chintala
 * 2016, arXiv:1511.06434).
 */
export function articleDcgan(
  graph: Graph,
  spec: DcganSpec,
  image: ImageShape,
  { norms = 'first' }: { norms?: 'first' | 'all' } = {},
): Gan {
  return { generator: generator(graph, spec, image, norms), discriminator: discriminator(graph, spec, image) };
}

function generator(
  graph: Graph,
  spec: DcganSpec,
  [height, width, channels]: ImageShape,
  norms: 'first' | 'all',
): Generator {
  const outputs = [...spec.generatorChannels.slice(1), channels];
  const [maps = 1] = spec.generatorChannels;
  const seed = [halved(height, outputs.length), halved(width, outputs.length), maps];
  const project = dense(graph, 'generator/dense', {
    inputs: spec.latentSize,
    outputs: sizeOf(seed),
    bias: false, // batch norm takes a constant out again
  });
  const normalise = batchNorm(graph, 'generator/norm', sizeOf(seed));
  const stages = outputs.map((channels, index) => {
    const name = `generator/stage${index + 1}`;
    const normed = norms === 'all' && index < outputs.length - 1;
    return {
      map: transposedConvolution(graph, name, {
        size: spec.kernelSize,
        stride: 2,
        inputs: spec.generatorChannels[index] ?? maps,
        outputs: channels,
        bias: !normed,
        height: halved(height, outputs.length - 1 - index),
        width: halved(width, outputs.length - 1 - index),
      }),
      norm: normed ? batchNorm(graph, `${name}/norm`, channels) : null,
    };
  });
  const layers = stages.flatMap(({ map, norm }) => (norm ? [map, norm] : [map]));
  return {
    weights: weightsOf([project, normalise, ...layers]),
    averages: [normalise, ...stages.map(({ norm }) => norm)].flatMap((norm) => norm?.averages ?? []),
    bounded: true,
    forward(z, values, normalisation) {
      const normal = normalise.apply(project.apply(z, values), values, normalisation);
      const start = reshape(normal, [z.shape[0] ?? 0, ...seed]);
      const image = stages.reduce((x, { map, norm }) => {
        const grown = map.apply(relu(x), values);
        return norm ? norm.apply(grown, values, normalisation) : grown;
      }, start);
      return tanh(image);
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
    sight: 'image',
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
