/** Named specs to start from; knows no data set. */
import type { AdamSpec, ModelSpec, TrainSpec } from './spec.ts';

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly model: ModelSpec;
  readonly loss: TrainSpec['loss'];
  readonly regularizer: TrainSpec['regularizer'];
  readonly ema: TrainSpec['ema'];
  readonly schedule: TrainSpec['schedule'];
  readonly optimizers: TrainSpec['optimizers'];
  readonly batchSize: number;
  readonly kimg: number;
}

/** Adam as the founding article has it, after Radford, Metz and Chintala (2016), arXiv:1511.06434. */
const articleAdam: AdamSpec = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

/** The founding paper's loss and nothing that came after it. */
const plain = {
  loss: { kind: 'NON_SATURATING', realTarget: 1 },
  regularizer: { kind: 'NONE', gamma: 0, fraction: 1 },
  ema: null,
  schedule: { kind: 'CONSTANT' },
} as const satisfies Partial<Preset>;

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
  ...plain,
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
  ...plain,
  optimizers: { generator: articleAdam, discriminator: articleAdam },
  batchSize: 32,
  kimg: 500,
};

/** Adam without momentum, as Huang et al. 2024 have it; ten times their rate suits small batches on a processor. */
const r3Adam: AdamSpec = { learningRate: 2e-3, beta1: 0, beta2: 0.9, epsilon: 1e-8 };

const r3gan: Preset = {
  id: 'r3gan',
  title: 'Small R3GAN: stable, and the best per minute',
  description:
    'Residual networks without normalisation, the relativistic pairing loss with R1 and R2 on a quarter of the batch, ' +
    'averaged weights, everything annealed by a cosine; told the class of each image where there are labels. ' +
    'Huang et al. (2024), made small. Images of 28, 32 or 64 pixels a side.',
  model: { architecture: 'R3GAN', latentSize: 64, capacity: 1, conditional: true },
  loss: { kind: 'RELATIVISTIC_PAIRING', realTarget: 1 },
  regularizer: { kind: 'R1_R2', gamma: 2, fraction: 0.25 },
  ema: { halfLifeKimg: 500, rampUp: 0.05 },
  schedule: { kind: 'COSINE', learningRate: 1e-4, beta2: 0.99, gamma: 0.2 },
  optimizers: { generator: r3Adam, discriminator: r3Adam },
  batchSize: 32,
  kimg: 500,
};

export const presets: readonly Preset[] = [r3gan, articleDcgan, articleMlp];

/** Where an input names none. */
export const DEFAULT_PRESET = r3gan.id;
