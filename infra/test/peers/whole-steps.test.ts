/**
 * Whole training steps of the presets against PyTorch's autograd and torch.optim, and against TensorFlow's GradientTape:
 * from the same weights, moments, images, noise and dropout masks they come to the same state.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session, TensorValue } from '../../../batch/engine/session.ts';
import { using } from '../../../batch/engine/testing/differences.ts';
import { open } from '../../../batch/engine/testing/native.ts';
import { samples } from '../../../batch/engine/testing/samples.ts';
import { trainFeeds } from '../../../batch/models/feeds.ts';
import { buildTrainingProgram } from '../../../batch/models/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../batch/trainer/safetensors.ts';
import { tinyDcgan, tinyTrainSpec } from '../../../batch/trainer/testing/specs.ts';
import { presets } from '../../../graph/spec/presets.ts';
import { classesOf, type TrainSpec } from '../../../graph/spec/spec.ts';
import { cacheFolder } from '../../setup/cache.mjs';
import { preparePeers } from '../../setup/peers.mjs';
import { createProgress } from '../../setup/progress.mjs';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Contender, type Losses, startContender, tensorflowPeer, torchPeer } from './contender.ts';
import { draw, drawsProgram } from './draws.ts';
import { excessOf } from './tolerance.ts';
import { workloadOf } from './workload.ts';

const adam = { learningRate: 2e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const dcganModel = {
  ...tinyDcgan,
  latentSize: 6,
  generatorChannels: [8, 6, 4],
  discriminatorChannels: [6, 8],
};
const mlpModel = {
  architecture: 'MLP' as const,
  latentSize: 6,
  generatorWidths: [16, 24],
  discriminatorWidths: [24, 16],
  dropout: 0.3,
};
const r3ganModel = { architecture: 'R3GAN', latentSize: 6, capacity: 1 / 16, conditional: true } as const;
const dcgan = tinyTrainSpec({
  // Odd sides: SAME padding is not the same on both ends.
  dataset: { ...tinyTrainSpec().dataset, width: 9, height: 14, channels: 3 },
  model: dcganModel,
  optimizers: { generator: adam, discriminator: { ...adam, beta1: 0.3, epsilon: 1e-4 } },
});
const mlp: TrainSpec = { ...dcgan, model: mlpModel };
const r3gan = tinyTrainSpec({
  dataset: { ...tinyTrainSpec().dataset, width: 20, height: 28, channels: 3, classes: ['a', 'b', 'c'] },
  model: r3ganModel,
  loss: { kind: 'RELATIVISTIC_PAIRING', realTarget: 1 },
  regularizer: { kind: 'R1_R2', gamma: 2, fraction: 0.25 },
  ema: { halfLifeKimg: 0.02, rampUp: 0.5 },
  schedule: { kind: 'COSINE', learningRate: 1e-4, beta2: 0.99, gamma: 0.2 },
  steps: 6,
  optimizers: {
    generator: { learningRate: 2e-3, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
    discriminator: { learningRate: 1e-3, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
  },
});
const STEPS = 5;

let contenders: Contender[] = [];
beforeAll(async () => {
  const progress = createProgress();
  const { torch, tensorflow } = await preparePeers({ cache: cacheFolder(), progress });
  progress.close();
  const commands = [torchPeer(torch, 'reference'), tensorflowPeer(tensorflow, 'reference')];
  contenders = commands.map((command) => startContender(command, { threads: 1 }));
}, 1_800_000);
afterAll(async () => {
  await Promise.all(contenders.map((contender) => contender.close()));
});

/** One step of Ganway's as a peer can repeat it. */
interface Step {
  readonly number: number;
  /** Holds state, images, noise and masks before it. */
  readonly given: string;
  readonly before: ReadonlyMap<string, TensorValue>;
  readonly after: ReadonlyMap<string, TensorValue>;
  readonly losses: Losses;
}

function stepsOf(spec: TrainSpec): Step[] {
  const folder = temporaryFolder();
  const { width, height, channels, images } = spec.dataset;
  const pixels = Uint8Array.from(samples(images * width * height * channels), (value) => 127.5 + 60 * value);
  const file = join(folder, 'images.npy');
  writeFileSync(file, pixels);
  const labels = join(folder, 'labels.npy');
  const classOf = (image: number) => (image * 7) % Math.max(1, spec.dataset.classes.length);
  writeFileSync(
    labels,
    Uint16Array.from({ length: images }, (_, image) => classOf(image)),
  );
  const { program } = buildTrainingProgram(spec, { shards: [{ file, labels, count: images }] });
  return using(open(drawsProgram(workloadOf('test', spec))), (draws) =>
    using(open(program), (session) => {
      session.call('init');
      stir(session);
      return Array.from({ length: STEPS }, (_, index) => {
        const number = index + 1;
        const indices = Int32Array.from({ length: spec.batchSize }, (_, n) => (number * 5 + n * 7) % images);
        const before = session.read();
        const given = join(folder, `given-${number}.safetensors`);
        const real = batchOf(pixels, indices, [height, width, channels]);
        const shown = new Map([...before, ['given/real', real], ...draw(draws, spec.seed, number)]);
        if (classesOf(spec) > 0) {
          // What peers read has no other type.
          const data = Float32Array.from(indices, classOf);
          shown.set('given/labels', { dtype: 'float32', shape: [indices.length], data });
        }
        writeFileSync(given, Buffer.concat(encodeSafetensors(shown)));
        const fetched = session.call('train', trainFeeds(spec, { step: number, salt: 0, indices }));
        const losses = { lossD: fetched.lossD?.data[0] ?? Number.NaN, lossG: fetched.lossG?.data[0] ?? Number.NaN };
        return { number, given, before, after: session.read(), losses };
      });
    }),
  );
}

/** Biases of zeros and gains of ones would hide mistakes: every weight moves away from where it began. */
function stir(session: Session): void {
  const weights = [...session.read()].filter(([name]) => !name.startsWith('adam/') && !/\/(mean|variance)$/.test(name));
  const moved = weights.map(([name, value], index): [string, TensorValue] => {
    const noise = samples(value.data.length, index, 0.1);
    return [name, { ...value, data: Float32Array.from(value.data, (x, at) => x + (noise[at] ?? 0)) }];
  });
  session.write(new Map(moved));
}

function batchOf(pixels: Uint8Array, indices: Int32Array, image: readonly [number, number, number]): TensorValue {
  const size = image[0] * image[1] * image[2];
  const data = Float32Array.from({ length: indices.length * size }, (_, at) => {
    const pixel = pixels[(indices[Math.floor(at / size)] ?? 0) * size + (at % size)] ?? 0;
    return (pixel * 2) / 255 - 1;
  });
  return { dtype: 'float32', shape: [indices.length, ...image], data };
}

test('every architecture of a preset is compared', () => {
  const compared = [dcgan, mlp, r3gan].map(({ model }) => model.architecture);
  expect(presets.filter(({ model }) => !compared.includes(model.architecture))).toEqual([]);
});

const variants: readonly (readonly [name: string, spec: TrainSpec])[] = [
  ['article-dcgan', dcgan],
  ['article-dcgan, zero-sum', { ...dcgan, loss: { kind: 'MINIMAX', realTarget: 1 } }],
  [
    'article-dcgan, hinge with R1',
    {
      ...dcgan,
      model: { ...dcganModel, dropout: 0 },
      loss: { kind: 'HINGE', realTarget: 1 },
      regularizer: { kind: 'R1', gamma: 3, fraction: 1 },
    },
  ],
  ['article-mlp', mlp],
  [
    'article-mlp, Wasserstein with a gradient penalty and a step',
    {
      ...mlp,
      model: { ...mlpModel, dropout: 0 },
      loss: { kind: 'WASSERSTEIN', realTarget: 1 },
      regularizer: { kind: 'GRADIENT_PENALTY', gamma: 10, fraction: 0.5 },
      schedule: { kind: 'STEP', at: 0.04, learningRate: 1e-3, beta2: null, gamma: 5 },
    },
  ],
  ['r3gan', r3gan],
  ['r3gan without classes', { ...r3gan, model: { ...r3ganModel, conditional: false } }],
];

describe.each(variants)('%s', (name, spec) => {
  let steps: Step[] = [];
  beforeAll(() => {
    steps = stepsOf(spec);
  });

  test.each([
    ['PyTorch', 0],
    ['GradientTape', 1],
  ])('the first five steps are those of %s', async (_, index) => {
    const peer = contenders[index];
    if (!peer) throw new Error('no peer');
    const workload = workloadOf(name, spec);
    await peer.open(workload);
    for (const { number, given, before, after, losses } of steps) {
      const result = `${given}.after`;
      const theirs = await peer.check({ given, result, step: number });
      for (const name of ['lossD', 'lossG'] as const) {
        // A mean of logits may be near 0; those are of size 1.
        const distance = Math.abs(losses[name] - theirs[name]) / Math.max(1, Math.abs(theirs[name]));
        expect(distance, `${name} of step ${number}`).toBeLessThan(5e-6);
      }
      const state = decodeSafetensors(readFileSync(result));
      expect([...state.keys()].sort()).toEqual([...after.keys()].sort());
      expect(excessOf(after, state, before, workload, number), `step ${number}`).toBeNull();
    }
  });
});
