/** What `npm run bench:step` times; knows no contender. */
import { articleModel } from '../../../../batch/engine/testing/article.ts';
import type { AdamSpec } from '../../../../graph/spec/spec.ts';
import type { Workload } from '../../peers/workload.ts';

const adam: AdamSpec = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const common = {
  classes: 0,
  loss: 'NON_SATURATING',
  regularizer: { kind: 'NONE', gamma: 0, fraction: 1 },
  ema: null,
  schedule: { kind: 'CONSTANT' },
  steps: 1,
  optimizers: { generator: adam, discriminator: adam },
} as const;

/** A DCGAN with batch norm after every stage of G and none in D (Radford, Metz and Chintala 2016, without D's batch norm). */
function dcgan(
  name: string,
  batch: number,
  image: Workload['image'],
  channels: { generator: readonly number[]; discriminator: readonly number[]; kernel: number },
): Workload[] {
  const model: Workload['model'] = {
    architecture: 'DCGAN',
    latentSize: 100,
    generatorChannels: [...channels.generator],
    discriminatorChannels: [...channels.discriminator],
    kernelSize: channels.kernel,
    dropout: 0,
  };
  const workload: Workload = { ...common, name, batch, image, model, norms: 'all' };
  return [workload, { ...workload, name: `${name}-r1`, regularizer: { kind: 'R1', gamma: 1, fraction: 1 } }];
}

function article(name: string, image: Workload['image']): Workload {
  return { ...common, name, batch: 32, image, model: articleModel, norms: 'first' };
}

export const WORKLOADS: readonly Workload[] = [
  ...dcgan('dcgan28', 64, [28, 28, 1], { generator: [128, 64], discriminator: [32, 64], kernel: 4 }),
  ...dcgan('dcgan64-light', 32, [64, 64, 3], {
    generator: [256, 128, 64, 32],
    discriminator: [32, 64, 128, 256],
    kernel: 4,
  }),
  ...dcgan('dcgan64', 32, [64, 64, 3], {
    generator: [512, 256, 128, 64],
    discriminator: [64, 128, 256, 512],
    kernel: 5,
  }),
  article('article-dcgan28', [28, 28, 1]),
  article('article-dcgan64', [64, 64, 3]),
];

/** Where a target is set: what the lower end of Ganway's interval should reach, as a multiple of PyTorch eager's speed. */
export const TARGETS: Readonly<Record<string, number>> = { dcgan28: 1.3, 'dcgan64-light': 1.25, dcgan64: 1.15 };
/** Ganway's peak memory as a share of PyTorch eager's, at most. */
export const MEMORY_TARGET = 0.85;
