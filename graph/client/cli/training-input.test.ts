import { describe, expect, it } from 'vitest';
import { parseSetting, trainingInput } from './training-input.ts';

describe('the input of a training', () => {
  it('is made of a spec, flags over it and settings over both, field by field', () => {
    const spec = { kimg: 1, seed: 3, optimizers: { generator: { beta1: 0.5, learningRate: 1 }, discriminator: null } };
    const settings = [{ path: ['optimizers', 'discriminator', 'epsilon'], value: 1e-7 }];
    const flags = {
      dataset: 'digits',
      kimg: 2,
      loss: 'MINIMAX',
      lr: 0.1,
      lrDiscriminator: 0.4,
      maxRuntime: 60,
      maxCost: 2,
    };
    expect(trainingInput(spec, flags, [...settings, { path: ['kimg'], value: 4 }])).toEqual({
      dataset: 'digits',
      kimg: 4,
      seed: 3,
      loss: { kind: 'MINIMAX' },
      optimizers: {
        generator: { beta1: 0.5, learningRate: 0.1 },
        discriminator: { learningRate: 0.4, epsilon: 1e-7 },
      },
      limits: { maxRuntime: 60, maxCostUsd: 2 },
    });
    expect(spec.optimizers.generator.learningRate).toBe(1);
  });

  it('holds nothing that nobody said', () => {
    expect(trainingInput({}, { kimg: undefined }, [])).toEqual({});
  });
});

describe('a setting', () => {
  it.each([
    ['seed=7', ['seed'], 7],
    ['reuseFakes=true', ['reuseFakes'], true],
    ['model.generatorChannels=[64,32]', ['model', 'generatorChannels'], [64, 32]],
    ['name=a=b c', ['name'], 'a=b c'],
    ['name="7"', ['name'], '7'],
    ['name=', ['name'], ''],
  ])('is a path and a value, JSON where it can be: %s', (text, path, value) => {
    expect(parseSetting(text)).toEqual({ path, value });
  });

  it.each(['seed', '=7', '.seed=7', ''])('is nothing else: %j', (text) => {
    expect(parseSetting(text)).toBeNull();
  });
});
