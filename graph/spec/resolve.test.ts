import { describe, expect, it } from 'vitest';
import type { Settings } from '../ganway.ts';
import { FREE, type Machine } from '../money/machine.ts';
import { machinesIn } from '../money/prices.ts';
import type { TrainingInput } from './input.ts';
import { nearest } from './issues.ts';
import { resolveTraining } from './resolve.ts';
import { dropoutOf, type PinnedDataset, parseSpecFile, type TrainSpec } from './spec.ts';

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
  { slot } = settings,
) =>
  resolveTraining(
    { dataset: 'digits', ...input },
    {
      root: ['training'],
      dataset,
      source: null,
      datasetIds: ['digits', 'emoji'],
      settings: { ...settings, slot },
      machines,
      memoryMb: () => memoryMb,
      learned: () => [],
      whyWholeBatch: ({ model }) => (dropoutOf(model) > 0 ? 'A layer looks at the whole batch.' : null),
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
      spec: { preset: 'r3gan', batchSize: 32, seed: 0, kimg: 500, steps: 15_625, dataset: digits },
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
      resolve({ preset: 'article-dcgan', microBatches, batchSize: 32, model: { dropout } });
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
    expect(problems(resolve({ preset: 'article-dcgan', model: { generatorChannels: [8, 8, 8, 8] } }, few))).toEqual([
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

  it('computes in the precision of its device where it says nothing of one, and is read as it was where it is from before it could', () => {
    const onGpu = { ...settings, slot: { ...settings.slot, gpus: 1 } };
    const of = (resolved: ReturnType<typeof resolve>) =>
      resolved.kind === 'resolved' ? resolved.spec.resources.precision : null;
    expect([of(resolve({})), of(resolve({}, digits, 100, [], onGpu))]).toEqual(['FP32', 'TF32']);
    const asked = { resources: { precision: 'FP32' } } as const;
    expect(of(resolve(asked, digits, 100, [], onGpu))).toBe('FP32');
    const resolved = resolve({});
    if (resolved.kind === 'invalid') throw new Error('refused');
    const { precision: _, ...resources } = resolved.spec.resources;
    const before = { ...resolved.spec, resources };
    const file = { v: 1, runId: 'r', createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'u', name: null, spec: before };
    expect(parseSpecFile(file).spec).toEqual(before);
  });

  it('is refused TF32 without a GPU, and warned of BF16 there', () => {
    expect(problems(resolve({ resources: { precision: 'TF32' } }))).toEqual([
      'training.resources.precision DOES_NOT_FIT_SLOT',
    ]);
    const warned = (gpus: number) => {
      const slot = { ...settings.slot, gpus };
      const resolved = resolve({ resources: { precision: 'BF16' } }, digits, 100, [], { ...settings, slot });
      return resolved.kind === 'resolved' && resolved.warnings.map(({ path }) => path.join('.'));
    };
    expect([warned(0), warned(1)]).toEqual([['training.resources.precision'], []]);
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

/** The spec of an input, which must be right. */
function specOf(...input: Parameters<typeof resolve>): TrainSpec {
  const resolved = resolve(...input);
  if (resolved.kind === 'invalid') throw new Error(JSON.stringify(resolved.issues));
  return resolved.spec;
}
const labelled: PinnedDataset = { ...digits, classes: Array.from('0123456789ab') };

describe('the default preset', () => {
  it('is conditional where the data set has labels, and its sheets have a column for each class, at most ten', () => {
    expect(specOf({}, labelled)).toMatchObject({ model: { conditional: true }, snapshots: { columns: 10, rows: 8 } });
    const three = { ...digits, classes: ['a', 'b', 'c'] };
    expect(specOf({}, three).snapshots.columns).toBe(3);
    expect(specOf({}, digits)).toMatchObject({ model: { conditional: false }, snapshots: { columns: 8 } });
    expect(specOf({ model: { conditional: false } }, labelled)).toMatchObject({
      model: { conditional: false },
      snapshots: { columns: 8 },
    });
  });

  it('cannot be conditional without labels', () => {
    expect(problems(resolve({ model: { conditional: true } }))).toEqual([
      'training.model.conditional DOES_NOT_FIT_DATASET',
    ]);
  });

  it.each([
    [28, 28],
    [32, 32],
    [64, 64],
    [20, 28],
    [128, 128],
  ])('takes images of %i×%i', (width, height) => {
    expect(problems(resolve({}, { ...digits, width, height }))).toEqual([]);
  });

  it.each([
    [30, 30],
    [28, 27],
    [8, 8],
    [64, 28],
  ])('refuses images of %i×%i, which other presets take', (width, height) => {
    const odd = { ...digits, width, height };
    expect(problems(resolve({}, odd))).toEqual(['training.dataset DOES_NOT_FIT_MODEL']);
    expect(problems(resolve({ preset: 'article-mlp' }, odd))).toEqual([]);
  });

  it('has one number for the width of its networks, and none of those of other kinds', () => {
    expect(specOf({ model: { capacity: 2, latentSize: 32 } }).model).toEqual({
      architecture: 'R3GAN',
      latentSize: 32,
      capacity: 2,
      conditional: false,
    });
    const model = { capacity: 9, dropout: 0.1, generatorChannels: [8], generatorWidths: [8], kernelSize: 3 };
    expect(problems(resolve({ model }))).toEqual([
      'training.model.generatorChannels DOES_NOT_FIT_MODEL',
      'training.model.kernelSize DOES_NOT_FIT_MODEL',
      'training.model.dropout DOES_NOT_FIT_MODEL',
      'training.model.generatorWidths DOES_NOT_FIT_MODEL',
      'training.model.capacity OUT_OF_RANGE',
    ]);
    expect(problems(resolve({ preset: 'article-mlp', model: { capacity: 1, conditional: true } }))).toEqual([
      'training.model.capacity DOES_NOT_FIT_MODEL',
      'training.model.conditional DOES_NOT_FIT_MODEL',
    ]);
  });
});

describe('loss, regularizer, average and schedule', () => {
  it('of the article are what they were before there were others', () => {
    expect(specOf({ preset: 'article-dcgan' })).toMatchObject({
      loss: { kind: 'NON_SATURATING', realTarget: 1 },
      regularizer: { kind: 'NONE', gamma: 0, fraction: 1 },
      ema: null,
      schedule: { kind: 'CONSTANT' },
    });
  });

  it('of a run that was launched before they could be said are read as the ones it had', () => {
    const spec = specOf({ preset: 'article-dcgan' });
    const { regularizer: _, ema: __, schedule: ___, ...before } = spec;
    const old = { ...before, loss: { kind: 'NON_SATURATING' } };
    const file = { v: 1, runId: 'r', createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'u', name: null, spec: old };
    expect(parseSpecFile(file).spec).toEqual(spec);
  });

  it('can be changed one by one', () => {
    const { loss, regularizer, ema, schedule } = specOf({
      loss: { kind: 'NON_SATURATING', realTarget: 0.9 },
      regularizer: { kind: 'GRADIENT_PENALTY', fraction: 0.5 },
      ema: { halfLifeKimg: 10 },
      schedule: { kind: 'STEP', at: 0.8, beta2: 0.95 },
    });
    expect(loss).toEqual({ kind: 'NON_SATURATING', realTarget: 0.9 });
    expect(regularizer).toEqual({ kind: 'GRADIENT_PENALTY', gamma: 10, fraction: 0.5 });
    expect(ema).toEqual({ halfLifeKimg: 10, rampUp: 0.05 });
    expect(schedule).toEqual({ kind: 'STEP', at: 0.8, learningRate: 1e-4, beta2: 0.95, gamma: 0.2 });
  });

  it('can be taken away', () => {
    expect(
      specOf({ regularizer: { kind: 'NONE' }, ema: { halfLifeKimg: 0 }, schedule: { kind: 'CONSTANT' } }),
    ).toMatchObject({ regularizer: { kind: 'NONE', gamma: 0 }, ema: null, schedule: { kind: 'CONSTANT' } });
    // A penalty that is not there has no final weight either.
    expect(specOf({ regularizer: { kind: 'NONE' } }).schedule).toMatchObject({ kind: 'COSINE', gamma: null });
  });

  it('can be added to the article', () => {
    const preset = 'article-dcgan';
    expect(specOf({ preset, regularizer: { kind: 'R1' }, ema: { halfLifeKimg: 5 } })).toMatchObject({
      regularizer: { kind: 'R1', gamma: 1, fraction: 1 },
      ema: { halfLifeKimg: 5, rampUp: 0.05 },
    });
    expect(specOf({ preset, schedule: { kind: 'COSINE', learningRate: 1e-5 } }).schedule).toEqual({
      kind: 'COSINE',
      learningRate: 1e-5,
      beta2: null,
      gamma: null,
    });
  });

  it('are reported with every problem at its path', () => {
    const resolved = resolve({
      loss: { kind: 'HINGE', realTarget: 0.9 },
      regularizer: { gamma: -1, fraction: 0 },
      ema: { halfLifeKimg: -1, rampUp: 2 },
      schedule: { at: 0.5, learningRate: 0, beta2: 1, gamma: -2 },
    });
    expect(problems(resolved)).toEqual([
      'training.loss.realTarget HAS_NO_EFFECT',
      'training.regularizer.gamma OUT_OF_RANGE',
      'training.regularizer.fraction OUT_OF_RANGE',
      'training.ema.halfLifeKimg OUT_OF_RANGE',
      'training.ema.rampUp OUT_OF_RANGE',
      'training.schedule.at HAS_NO_EFFECT',
      'training.schedule.learningRate OUT_OF_RANGE',
      'training.schedule.beta2 OUT_OF_RANGE',
      'training.schedule.gamma OUT_OF_RANGE',
    ]);
    const idle = resolve({
      loss: { kind: 'MINIMAX', realTarget: 0.5 },
      regularizer: { kind: 'NONE', gamma: 1, fraction: 0.5 },
      ema: { halfLifeKimg: 0, rampUp: 0.1 },
      schedule: { kind: 'CONSTANT', learningRate: 1e-4, gamma: 1 },
    });
    expect(problems(idle)).toEqual([
      'training.loss.realTarget OUT_OF_RANGE',
      'training.regularizer.gamma HAS_NO_EFFECT',
      'training.regularizer.fraction HAS_NO_EFFECT',
      'training.ema.rampUp HAS_NO_EFFECT',
      'training.schedule.learningRate HAS_NO_EFFECT',
      'training.schedule.gamma HAS_NO_EFFECT',
    ]);
  });

  it('are warned of where nothing holds a critic back, or the learning rate rises', () => {
    const adam = { learningRate: 1e-5 };
    const resolved = resolve({
      loss: { kind: 'WASSERSTEIN' },
      regularizer: { kind: 'NONE' },
      optimizers: { generator: adam, discriminator: adam },
    });
    expect(resolved.kind === 'resolved' && resolved.warnings.map(({ path }) => path.join('.'))).toEqual([
      'training.regularizer.kind',
      'training.schedule.learningRate',
    ]);
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
