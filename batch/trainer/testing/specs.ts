/** Small specs and work folders for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelSpec, SpecFile, TrainSpec } from '../../../graph/spec/spec.ts';
import { type Start, WORK } from '../../protocol.ts';

export const tinyDcgan: Extract<ModelSpec, { architecture: 'DCGAN' }> = {
  architecture: 'DCGAN',
  latentSize: 8,
  generatorChannels: [16, 8],
  discriminatorChannels: [8, 16],
  dropout: 0.3,
  kernelSize: 4,
};

/** What a preset of today adds to {@link tinyTrainSpec}: labels, penalties, an average and a schedule. */
export const tinyR3gan = {
  model: { architecture: 'R3GAN', latentSize: 8, capacity: 1 / 16, conditional: true },
  loss: { kind: 'RELATIVISTIC_PAIRING', realTarget: 1 },
  regularizer: { kind: 'R1_R2', gamma: 2, fraction: 0.25 },
  ema: { halfLifeKimg: 500, rampUp: 0.05 },
  schedule: { kind: 'COSINE', learningRate: 1e-4, beta2: 0.99, gamma: 0.2 },
} as const satisfies Partial<TrainSpec>;

/** Names of the classes that go with it. */
export const TINY_CLASSES = ['a', 'b', 'c'];

export function tinyTrainSpec(change: Partial<TrainSpec> = {}): TrainSpec {
  return {
    v: 1,
    task: 'TRAIN',
    preset: null,
    dataset: {
      id: 'tiny',
      digest: '0'.repeat(64),
      name: 'tiny',
      images: 64,
      width: 16,
      height: 16,
      channels: 1,
      classes: [],
    },
    startFrom: null,
    seed: 7,
    kimg: 0.48,
    batchSize: 8,
    microBatches: 1,
    reuseFakes: false,
    steps: 60,
    model: {
      architecture: 'MLP',
      latentSize: 8,
      generatorWidths: [16],
      discriminatorWidths: [16],
      dropout: 0.3,
    },
    loss: { kind: 'NON_SATURATING', realTarget: 1 },
    regularizer: { kind: 'NONE', gamma: 0, fraction: 1 },
    ema: null,
    schedule: { kind: 'CONSTANT' },
    optimizers: {
      generator: { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      discriminator: { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
    },
    snapshots: {
      tickSteps: 7,
      sampleSteps: 20,
      checkpointSteps: 15,
      sampleSeconds: 1e6,
      checkpointSeconds: 1e6,
      columns: 2,
      rows: 2,
    },
    resources: { threads: 1, gpus: 0, memoryMb: 2048, precision: 'FP32', instanceType: null, spot: null },
    limits: { maxRuntime: null, maxCostUsd: null, maxQueueTime: null },
    ...change,
  };
}

export const specFileOf = (runId: string, spec: SpecFile['spec']): SpecFile => ({
  v: 1,
  runId,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'test',
  name: null,
  spec,
});

/** Makes a work folder as the supervisor would, without data set and checkpoint. */
export function makeWorkFolder(path: string, file: SpecFile, start: Start): void {
  mkdirSync(join(path, WORK.spool), { recursive: true });
  writeFileSync(join(path, WORK.spec), JSON.stringify(file));
  writeFileSync(join(path, WORK.start), JSON.stringify(start));
}
