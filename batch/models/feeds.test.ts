/** What a training is fed with: the cells of its sheets and the values of its schedules, by hand. */
import { describe, expect, test } from 'vitest';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';
import { sheetFeeds, trainFeeds } from './feeds.ts';
import { scalarsOf, scheduleAt } from './schedule.ts';

const adam = { learningRate: 2e-3, beta1: 0, beta2: 0.9, epsilon: 1e-8 };
const base = tinyTrainSpec();
const spec: TrainSpec = {
  ...base,
  steps: 100,
  model: { architecture: 'R3GAN', latentSize: 3, capacity: 1, conditional: true },
  dataset: { ...base.dataset, classes: ['a', 'b', 'c'] },
  regularizer: { kind: 'R1_R2', gamma: 2, fraction: 0.25 },
  ema: { halfLifeKimg: 0.04, rampUp: 0.5 },
  schedule: { kind: 'COSINE', learningRate: 1e-4, beta2: 0.99, gamma: 0.2 },
  optimizers: { generator: adam, discriminator: { ...adam, learningRate: 1e-3 } },
  snapshots: { ...base.snapshots, columns: 5, rows: 2 },
};

describe('a sheet', () => {
  test('of a conditional training has a latent a row and a class a column, and other latents beyond the last class', () => {
    const { z, labels } = sheetFeeds(spec);
    expect(labels).toEqual({ dtype: 'int32', shape: [10], data: Int32Array.of(0, 1, 2, 0, 1, 0, 1, 2, 0, 1) });
    expect(z?.shape).toEqual([10, 3]);
    const latents = Array.from({ length: 10 }, (_, cell) => String(z?.data.slice(3 * cell, 3 * cell + 3)));
    const [a, , , b, , c, , , d] = latents;
    expect(latents).toEqual([a, a, a, b, b, c, c, c, d, d]);
    expect(new Set([a, b, c, d]).size).toBe(4);
  });

  test('of any other has a latent of its own in each cell and no labels', () => {
    const { z, labels } = sheetFeeds({ ...spec, model: { ...base.model, latentSize: 3 } });
    expect(labels).toBeUndefined();
    expect(new Set(z?.data).size).toBe(30);
    expect(z?.data.slice(0, 3)).toEqual(sheetFeeds(spec).z?.data.slice(0, 3));
  });
});

describe('a schedule', () => {
  /** Adam's rate without its corrections, and the other values. */
  const at = (step: number, change: Partial<TrainSpec> = {}, learningRateScale = 1) => {
    const values = scheduleAt({ ...spec, ...change }, step, learningRateScale);
    return {
      generator: values['generator/rate'] / Math.sqrt(1 - values['generator/beta2'] ** step),
      discriminator: values['discriminator/rate'] / Math.sqrt(1 - values['discriminator/beta2'] ** step),
      beta2: values['generator/beta2'],
      gamma: values.gamma,
      ema: values.ema,
    };
  };

  test('begins with what the spec says, ends beside its final values and is half way in the middle', () => {
    expect(at(1)).toMatchObject({ generator: 2e-3, discriminator: 1e-3, beta2: 0.9, gamma: 2, ema: 0 });
    const middle = at(51);
    expect(middle.generator).toBeCloseTo(1.05e-3, 12);
    expect(middle.discriminator).toBeCloseTo(0.55e-3, 12);
    expect(middle.beta2).toBeCloseTo(0.945, 12);
    expect(middle.gamma).toBeCloseTo(1.1, 12);
    const end = at(100);
    expect(end.generator).toBeCloseTo(1e-4, 5);
    expect(end.gamma).toBeCloseTo(0.2, 2);
  });

  test('keeps what has no final value, and everything where it is constant', () => {
    const schedule = { kind: 'COSINE', learningRate: null, beta2: null, gamma: 0.2 } as const;
    expect(at(60, { schedule })).toMatchObject({ generator: 2e-3, beta2: 0.9 });
    expect(at(60, { schedule }).gamma).toBeLessThan(1.1);
    expect(at(60, { schedule: { kind: 'CONSTANT' } })).toMatchObject({ generator: 2e-3, beta2: 0.9, gamma: 2 });
  });

  test('may have its final values at once, when a share of the images was shown', () => {
    const schedule = { kind: 'STEP', at: 0.25, learningRate: 1e-4, beta2: null, gamma: 0.5 } as const;
    expect(at(25, { schedule })).toMatchObject({ generator: 2e-3, gamma: 2 });
    expect(at(26, { schedule })).toMatchObject({ generator: 1e-4, discriminator: 1e-4, beta2: 0.9, gamma: 0.5 });
  });

  test("is scaled by a guard's factor in both learning rates only", () => {
    expect(at(1, {}, 0.5)).toMatchObject({ generator: 1e-3, discriminator: 0.5e-3, beta2: 0.9, gamma: 2 });
  });

  test('averages over a share of the images shown, until the half-life is reached', () => {
    expect(at(2).ema).toBeCloseTo(0.5 ** (8 / 4), 12);
    expect(at(6).ema).toBeCloseTo(0.5 ** (8 / 20), 12);
    expect(at(90).ema).toBeCloseTo(0.5 ** (8 / 40), 12);
  });

  test('feeds γ and β of the averages only where there are such', () => {
    const length = (change: Partial<TrainSpec>) => {
      const input = { step: 1, salt: 0, indices: new Int32Array(8) };
      return trainFeeds({ ...spec, ...change }, input).schedule?.data.length;
    };
    const regularizer = { kind: 'NONE', gamma: 0, fraction: 1 } as const;
    expect([length({}), length({ ema: null }), length({ regularizer }), length({ regularizer, ema: null })]).toEqual([
      10, 9, 9, 8,
    ]);
    expect(
      scalarsOf(spec)
        .value(scheduleAt(spec, 1, 1))
        .data.at(-2),
    ).toBe(2);
  });
});
