/** A GAN of dense layers, as small as one can be that learns digits; knows no loss and no optimizer. */
import type { ModelSpec } from '../../graph/spec/spec.ts';
import { type Graph, leakyRelu, reshape, sizeOf, tanh } from '../engine/program/index.ts';
import { batchNorm, dense, weightsOf } from './layers/index.ts';
import type { Discriminator, Gan, Generator, ImageShape } from './network.ts';

type MlpSpec = Extract<ModelSpec, { architecture: 'MLP' }>;

/** Dense layers with LeakyReLU 0.2; batch norm in G's hidden layers, dropout in D's, tanh at the end of G. */
export function articleMlp(graph: Graph, spec: MlpSpec, image: ImageShape): Gan {
  return { generator: generator(graph, spec, image), discriminator: discriminator(graph, spec, image) };
}

function generator(graph: Graph, spec: MlpSpec, image: ImageShape): Generator {
  const widths = [spec.latentSize, ...spec.generatorWidths];
  const hidden = spec.generatorWidths.map((outputs, index) => {
    const inputs = widths[index] ?? spec.latentSize;
    const name = `generator/hidden${index + 1}`;
    return {
      map: dense(graph, name, { inputs, outputs, bias: false }),
      norm: batchNorm(graph, `${name}/norm`, outputs),
    };
  });
  const [inputs, outputs] = [widths.at(-1) ?? spec.latentSize, sizeOf(image)];
  const paint = dense(graph, 'generator/image', { inputs, outputs });
  return {
    weights: weightsOf([...hidden.flatMap(({ map, norm }) => [map, norm]), paint]),
    averages: hidden.flatMap(({ norm }) => norm.averages),
    bounded: true,
    forward(z, values, normalisation) {
      const features = hidden.reduce(
        (x, { map, norm }) => leakyRelu(norm.apply(map.apply(x, values), values, normalisation), 0.2),
        z,
      );
      return reshape(tanh(paint.apply(features, values)), [z.shape[0] ?? 0, ...image]);
    },
  };
}

function discriminator(graph: Graph, spec: MlpSpec, image: ImageShape): Discriminator {
  const widths = [sizeOf(image), ...spec.discriminatorWidths];
  const hidden = spec.discriminatorWidths.map((outputs, index) => {
    const inputs = widths[index] ?? sizeOf(image);
    return dense(graph, `discriminator/hidden${index + 1}`, { inputs, outputs });
  });
  const last = widths.at(-1) ?? sizeOf(image);
  const judge = dense(graph, 'discriminator/dense', { inputs: last, outputs: 1 });
  return {
    weights: weightsOf([...hidden, judge]),
    sight: 'image',
    forward(x, values, drop) {
      const flat = reshape(x, [x.shape[0] ?? 0, sizeOf(image)]);
      const features = hidden.reduce(
        (x, layer, index) => drop(leakyRelu(layer.apply(x, values), 0.2), `hidden${index + 1}`),
        flat,
      );
      return judge.apply(features, values);
    },
  };
}
