/** Named specs to start from; knows no data set. */
import type { AdamSpec, ModelSpec, TrainSpec } from './spec.ts';

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly model: ModelSpec;
  readonly loss: TrainSpec['loss'];
  readonly optimizers: TrainSpec['optimizers'];
  readonly batchSize: number;
  readonly kimg: number;
}

/** Adam as the founding article has it, after Radford, Metz and Chintala (2016), arXiv:1511.06434. */
const articleAdam: AdamSpec = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

const articleDcgan: Preset = {
  id: 'article-dcgan',
  title: 'DCGAN of the founding article',
  description:
    'Generator: dense, batch norm, three transposed convolutions (128, 64, image; kernel 4, stride 2, tanh). ' +
    'Discriminator: two strided convolutions (64, 128) with LeakyReLU 0.2 and dropout 0.3. Any image size.',
  model: {
    architecture: 'DCGAN',
    latentSize: 100,
    generatorChannels: [256, 128, 64],
    discriminatorChannels: [64, 128],
    dropout: 0.3,
    kernelSize: 4,
  },
  loss: { kind: 'NON_SATURATING' },
  optimizers: { generator: articleAdam, discriminator: articleAdam },
  batchSize: 32,
  kimg: 500,
};

const articleMlp: Preset = {
  id: 'article-mlp',
  title: 'Multilayer perceptrons of the founding article',
  description:
    'Generator and discriminator of dense layers, as in the first GANs: quick to try on small images, ' +
    'no sense of neighbourhood. Goodfellow et al. (2014).',
  model: {
    architecture: 'MLP',
    latentSize: 100,
    generatorWidths: [256, 512, 1024],
    discriminatorWidths: [512, 256],
    dropout: 0.3,
  },
  loss: { kind: 'NON_SATURATING' },
  optimizers: { generator: articleAdam, discriminator: articleAdam },
  batchSize: 32,
  kimg: 500,
};

export const presets: readonly Preset[] = [articleDcgan, articleMlp];

/** Where an input names none. */
export const DEFAULT_PRESET = articleDcgan.id;
