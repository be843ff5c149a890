import { expect, test } from 'vitest';
import type { PlayerCount, TrainingCount } from '../models/describe.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';
import { formatDescription } from './format.ts';

const generator: PlayerCount = {
  layers: [
    { name: 'generator/hidden', shape: [8, 1200], parameters: 9_600, flops: 999_999 },
    { name: 'generator/images', shape: [8, 16, 16, 1], parameters: 1, flops: 1_000_000 },
  ],
  parameters: 9_601,
  flops: 1_999_999,
};
const discriminator: PlayerCount = {
  layers: [{ name: 'discriminator/logits', shape: [8, 1], parameters: 257, flops: 257 }],
  parameters: 257,
  flops: 2.5e16,
};
const count: TrainingCount = {
  ...{ generator, discriminator, stepFlops: 8e9 },
  memory: { state: 1.26e6, data: 9.94e6, activations: 10.4e6, total: 1_234.5e6 },
};

test('a description is two tables in line and the sums of a step', () => {
  const { dataset } = tinyTrainSpec();
  const spec = tinyTrainSpec({ preset: 'small', batchSize: 8, dataset: { ...dataset, images: 60_000, width: 24 } });
  expect(`\n${formatDescription(spec, count)}\n`).toBe(`
small on 60,000 images of 24×16×1, batch 8

generator  output          parameters      forward
  hidden   [8, 1200]            9,600  1,000 kFLOP
  images   [8, 16, 16, 1]           1   1.00 MFLOP
  total                         9,601   2.00 MFLOP

discriminator  output  parameters       forward
  logits       [8, 1]         257      257 FLOP
  total                       257  25,000 TFLOP

one step      8.00 GFLOP, 1.00 GFLOP an image
checkpoint    1.3 MB
peak memory   1,235 MB of a trainer: state 1.3 MB, images 9.9 MB, activations 10 MB, the rest is TensorFlow,
              Node.js and copies for checkpoints
`);
});
