import { describe, expect, it } from 'vitest';
import type { Settings } from '../ganway.ts';
import { FREE, type Machine } from '../money/machine.ts';
import { machinesIn } from '../money/prices.ts';
import type { TrainingInput } from './input.ts';
import { nearest } from './issues.ts';
import { resolveTraining } from './resolve.ts';
import { type PinnedDataset, parseSpecFile } from './spec.ts';

const digits: PinnedDataset = {
  id: 'digits',
  digest: 'd',
  name: 'Digits',
  images: 10_000,
  width: 28,
  height: 28,
  channels: 1,
  classes: [],
};
const settings: Settings = {
  version: '0',
  defaultProject: 'local',
  slot: { threads: 2, gpus: 0, memoryMb: 4096 },
  jobEnvironment: {},
  maxOpenRuns: 10,
  money: FREE,
};
const resolve = (
  input: Partial<TrainingInput>,
  dataset: PinnedDataset | null = digits,
  memoryMb = 100,
  machines: readonly Machine[] = [],
) =>
  resolveTraining(
    { dataset: 'digits', ...input },
    {
      root: ['training'],
      dataset,
      source: null,
      datasetIds: ['digits', 'emoji'],
      settings,
      machines,
      memoryMb: () => memoryMb,
      learned: () => [],
      whyWholeBatch: ({ model }) => (model.dropout > 0 ? 'A layer looks at the whole batch.' : null),
    },
  );
const problems = (resolved: ReturnType<typeof resolve>) =>
  resolved.kind === 'invalid' ? resolved.issues.map(({ path, code }) => `${path.join('.')} ${code}`) : [];

describe('a training input', () => {
  it('needs nothing but its data set', () => {
    const resolved = resolve({});
    expect(resolved).toMatchObject({
      kind: 'resolved',
      warnings: [],
      spec: { preset: 'article-dcgan', batchSize: 32, seed: 0, kimg: 500, steps: 15_625, dataset: digits },
    });
  });

  it('is computed as a whole where it says nothing of micro-batches', () => {
    expect(resolve({})).toMatchObject({ spec: { microBatches: 1 } });
  });

  it('draws images for each player where it says nothing of them, and in runs from before it could', () => {
    expect(resolve({ reuseFakes: true })).toMatchObject({ spec: { reuseFakes: true } });
    const resolved = resolve({});
    if (resolved.kind === 'invalid') throw new Error('refused');
    const { reuseFakes, ...before } = resolved.spec;
    expect(reuseFakes).toBe(false);
    const file = { v: 1, runId: 'r', createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'u', name: null, spec: before };
    expect(parseSpecFile(file).spec).toEqual(resolved.spec);
  });

  it('of a run that was launched before micro-batches is read as one without', () => {
    const resolved = resolve({});
    if (resolved.kind === 'invalid') throw new Error('refused');
    const { microBatches: _, ...before } = resolved.spec;
    const file = { v: 1, runId: 'r', createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'u', name: null, spec: before };
    expect(parseSpecFile(file).spec).toEqual(resolved.spec);
  });

  it('has micro-batches of one size, and none where its networks refuse them', () => {
    const parts = (microBatches: number, dropout: number) =>
      resolve({ microBatches, batchSize: 32, model: { dropout } });
    expect(parts(4, 0)).toMatchObject({ spec: { microBatches: 4 } });
    expect(problems(parts(3, 0))).toEqual(['training.microBatches OUT_OF_RANGE']);
    expect(parts(4, 0.3)).toEqual({
      kind: 'invalid',
      issues: [
        {
          path: ['training', 'microBatches'],
          code: 'DOES_NOT_FIT_MODEL',
          message: 'A layer looks at the whole batch.',
        },
      ],
    });
    expect(parts(1, 0.3)).toMatchObject({ spec: { microBatches: 1 } });
    expect(problems(resolve({ microBatches: 0 }))).toEqual(['training.microBatches OUT_OF_RANGE']);
  });

  it('is reported with every problem at once, each at its path', () => {
    const resolved = resolve(
      {
        preset: 'artcle-dcgan',
        kimg: -1,
        batchSize: 2.5,
        seed: 2 ** 40,
        model: { dropout: 1, generatorChannels: [], discriminatorWidths: [3], kernelSize: 50 },
        optimizers: { generator: { learningRate: 0 }, discriminator: { beta1: 1, beta2: -0.1, epsilon: Number.NaN } },
        snapshots: { tickSteps: 0, columns: 33 },
        resources: { threads: 64, memoryMb: 1 },
        limits: { maxRuntime: 1, maxCostUsd: 0, maxQueueTime: 59.5 },
      },
      null,
    );
    expect(problems(resolved)).toEqual([
      'training.preset UNKNOWN_PRESET',
      'training.dataset UNKNOWN_DATASET',
      'training.seed OUT_OF_RANGE',
      'training.kimg OUT_OF_RANGE',
      'training.batchSize NOT_AN_INTEGER',
      'training.model.dropout OUT_OF_RANGE',
      'training.model.discriminatorWidths DOES_NOT_FIT_MODEL',
      'training.model.generatorChannels OUT_OF_RANGE',
      'training.model.kernelSize OUT_OF_RANGE',
      'training.optimizers.generator.learningRate OUT_OF_RANGE',
      'training.optimizers.discriminator.beta1 OUT_OF_RANGE',
      'training.optimizers.discriminator.beta2 OUT_OF_RANGE',
      'training.optimizers.discriminator.epsilon OUT_OF_RANGE',
      'training.snapshots.tickSteps OUT_OF_RANGE',
      'training.snapshots.columns OUT_OF_RANGE',
      'training.resources.threads OUT_OF_RANGE',
      'training.resources.memoryMb OUT_OF_RANGE',
      'training.limits.maxRuntime OUT_OF_RANGE',
      'training.limits.maxCostUsd OUT_OF_RANGE',
      'training.limits.maxQueueTime NOT_AN_INTEGER',
    ]);
  });

  it('is told the nearest name of a preset and of a data set', () => {
    const resolved = resolve({ preset: 'article_dcgan', dataset: 'digit' }, null);
    const messages = resolved.kind === 'invalid' ? resolved.issues.map((issue) => issue.message) : [];
    expect(messages).toEqual([
      'There is no preset "article_dcgan". Did you mean "article-dcgan"?',
      'There is no data set "digit". Did you mean "digits"?',
    ]);
    expect(nearest('xyzzyxyzzy', ['digits'])).toBeNull();
  });

  it('must fit its data set', () => {
    const few = { ...digits, images: 20, width: 8, height: 8 };
    expect(problems(resolve({ model: { generatorChannels: [8, 8, 8, 8] } }, few))).toEqual([
      'training.batchSize DOES_NOT_FIT_DATASET',
      'training.model.generatorChannels DOES_NOT_FIT_DATASET',
    ]);
  });

  it('must fit the memory of its slot', () => {
    expect(problems(resolve({}, digits, 5000))).toEqual(['training.batchSize DOES_NOT_FIT_MEMORY']);
  });

  it('is warned of a loss that saturates and of very few images', () => {
    const resolved = resolve({ loss: { kind: 'MINIMAX' } }, { ...digits, images: 50 });
    expect(resolved.kind === 'resolved' && resolved.warnings.map(({ path }) => path.join('.'))).toEqual([
      'training.dataset',
      'training.loss.kind',
    ]);
  });

  it('fixes sheets and checkpoints on steps that have a row, from the length of the run alone', () => {
    for (const kimg of [0.05, 1, 30, 500, 25_000]) {
      const resolved = resolve({ kimg });
      if (resolved.kind !== 'resolved') throw new Error('must resolve');
      const { tickSteps, sampleSteps, checkpointSteps } = resolved.spec.snapshots;
      expect(sampleSteps % tickSteps).toBe(0);
      expect(checkpointSteps % tickSteps).toBe(0);
      expect(tickSteps).toBeLessThanOrEqual(25);
    }
    const large = resolve({ kimg: 500 }, { ...digits, width: 64, height: 64 });
    expect(large.kind === 'resolved' && large.spec.snapshots.tickSteps).toBe(7);
  });
});

describe('where a training runs', () => {
  const offered = machinesIn('us-east-1');
  const on = (resources: TrainingInput['resources'], memoryMb = 100, machines = offered) =>
    resolve({ resources: resources ?? null }, digits, memoryMb, machines);
  const placesOf = (resolved: ReturnType<typeof resolve>) =>
    resolved.kind === 'resolved'
      ? resolved.places.map(({ machine }) => `${machine?.size.instanceType} ${machine?.spot ? 'spot' : 'on-demand'}`)
      : problems(resolved);

  it('is a whole machine, the one with a GPU that computes most for its money unless another is named', () => {
    const resolved = on({});
    const [first] = placesOf(resolved);
    expect(first).toMatch(/^g.* spot$/);
    expect(placesOf(resolved)).toHaveLength(offered.length);
    expect(placesOf(resolved).slice(-2)).toEqual(['m7i.large spot', 'm7i.large on-demand']);
    expect(on({ instanceType: 'g5.xlarge', spot: false })).toMatchObject({
      spec: { resources: { threads: 4, gpus: 1, memoryMb: 15_360, instanceType: 'g5.xlarge', spot: false } },
    });
    expect(placesOf(on({ instanceType: 'g5.xlarge' }))).toEqual(['g5.xlarge spot', 'g5.xlarge on-demand']);
    expect(placesOf(on({ spot: false }))).toEqual(placesOf(on({})).filter((place) => place.endsWith('on-demand')));
  });

  it('has room for it, in the memory of the container and of the GPU', () => {
    expect(placesOf(on({}, 16_000))).toEqual(['g6e.xlarge spot', 'g6e.xlarge on-demand']);
    expect(placesOf(on({ memoryMb: 20_000 }, 100))).toEqual(['g6e.xlarge spot', 'g6e.xlarge on-demand']);
    expect(on({ memoryMb: 1024, threads: 1 })).toMatchObject({ spec: { resources: { memoryMb: 1024, threads: 1 } } });
    const [large] = offered.slice(-1);
    const cramped = large && { ...large, size: { ...large.size, gpuMemoryMb: 8_192 } };
    expect(placesOf(on({}, 10_000, cramped ? [cramped] : []))).toEqual(['training.batchSize DOES_NOT_FIT_MEMORY']);
    expect(placesOf(on({}, 60_000))).toEqual(['training.batchSize DOES_NOT_FIT_MEMORY']);
    expect(placesOf(on({ instanceType: 'm7i.large' }, 8_000))).toEqual(['training.batchSize DOES_NOT_FIT_MEMORY']);
  });

  it('is a machine that there is', () => {
    expect(placesOf(on({ instanceType: 'g5.xlrge' }))).toEqual(['training.resources.instanceType UNKNOWN_MACHINE']);
    const spotOnly = offered.filter(({ spot }) => spot);
    expect(placesOf(on({ spot: false }, 100, spotOnly))).toEqual(['training.resources.spot UNKNOWN_MACHINE']);
    expect(placesOf(on({ instanceType: 'm7i.large', threads: 4 }))).toEqual([
      'training.resources.threads OUT_OF_RANGE',
    ]);
    const [small, large] = [offered[0], offered.at(-1)];
    if (!small || !large) throw new Error('there are no prices');
    const wide = { ...small, size: { ...small.size, vcpus: 64 } };
    expect(placesOf(on({ threads: 64, memoryMb: 20_000 }, 100, [wide, large]))).toEqual([
      'training.resources UNKNOWN_MACHINE',
    ]);
  });

  it('is a slot where the server has nothing to choose from', () => {
    expect(on({}, 100, [])).toMatchObject({ spec: { resources: { instanceType: null, spot: null } } });
    expect(placesOf(on({ instanceType: 'g5.xlarge', spot: true }, 100, []))).toEqual([
      'training.resources.instanceType UNKNOWN_MACHINE',
      'training.resources.spot UNKNOWN_MACHINE',
    ]);
  });
});
