/** A DCGAN in which no image sees another, so that its batch may be split: no preset is one yet; knows no loss. */
import { leakyRelu, relu, reshape, sizeOf, tanh } from '../../engine/program/index.ts';
import type { buildGan } from '../../models/gan.ts';
import { convolution, dense, transposedConvolution, weightsOf } from '../../models/layers/index.ts';

/** @throws RangeError for other architectures */
export const unnormedGan: typeof buildGan = (graph, spec, [height, width, channels]) => {
  if (spec.architecture !== 'DCGAN') throw new RangeError(`no ${spec.architecture} without norms`);
  const { latentSize, generatorChannels, discriminatorChannels, kernelSize: size } = spec;
  const [first = 1] = generatorChannels;
  const halved = (side: number, times: number) => Math.ceil(side / 2 ** times);
  const outputs = [...generatorChannels.slice(1), channels];
  const seed = [halved(height, outputs.length), halved(width, outputs.length), first];
  const project = dense(graph, 'generator/dense', { inputs: latentSize, outputs: sizeOf(seed) });
  const up = outputs.map((outputs, stage, { length }) =>
    transposedConvolution(graph, `generator/stage${stage + 1}`, {
      ...{ size, stride: 2, inputs: generatorChannels[stage] ?? first, outputs },
      ...{ height: halved(height, length - 1 - stage), width: halved(width, length - 1 - stage) },
    }),
  );
  const inputs = [channels, ...discriminatorChannels];
  const down = discriminatorChannels.map((outputs, stage) =>
    convolution(graph, `discriminator/stage${stage + 1}`, {
      ...{ size, stride: 2, inputs: inputs[stage] ?? channels, outputs },
    }),
  );
  const flat = halved(height, down.length) * halved(width, down.length) * (inputs.at(-1) ?? channels);
  const judge = dense(graph, 'discriminator/dense', { inputs: flat, outputs: 1 });
  return {
    generator: {
      weights: weightsOf([project, ...up]),
      averages: [],
      bounded: true,
      forward(z, values) {
        const start = reshape(project.apply(z, values), [z.shape[0] ?? 0, ...seed]);
        return tanh(up.reduce((x, stage) => stage.apply(relu(x), values), start));
      },
    },
    discriminator: {
      weights: weightsOf([...down, judge]),
      sight: 'image',
      forward(x, values, drop) {
        const seen = down.reduce((y, stage, at) => drop(leakyRelu(stage.apply(y, values), 0.2), `stage${at + 1}`), x);
        return judge.apply(reshape(seen, [x.shape[0] ?? 0, flat]), values);
      },
    },
  };
};
