/** A whole training program on real TensorFlow: it learns, resumes bit for bit, and refuses what is not finite. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { EngineError } from '../engine/errors.ts';
import type { Layout } from '../engine/lowering/functions.ts';
import { countFlops, countParameters } from '../engine/program/count.ts';
import { type Precision, reshape, type Tensor, tanh } from '../engine/program/index.ts';
import { estimateMemory } from '../engine/program/memory.ts';
import type { Session } from '../engine/session.ts';
import { articleModel } from '../engine/testing/article.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { tinyDcgan, tinyTrainSpec } from '../trainer/testing/specs.ts';
import { fixedLatents, trainFeeds } from './feeds.ts';
import { buildGan } from './gan.ts';
import { dense, weightsOf } from './layers/index.ts';
import { buildTrainingProgram } from './program.ts';
import type { TrainingData } from './training-program.ts';

const adam = { learningRate: 2e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const dcgan = tinyTrainSpec({
  dataset: { id: 'd', digest: '', name: 'bars', images: 64, width: 9, height: 8, channels: 1, classes: [] },
  seed: 11,
  model: { ...tinyDcgan, latentSize: 6, generatorChannels: [8, 6, 4], discriminatorChannels: [6, 8] },
  optimizers: { generator: adam, discriminator: adam },
  snapshots: { ...tinyTrainSpec().snapshots, columns: 3, rows: 2 },
  resources: { ...tinyTrainSpec().resources, threads: 2, memoryMb: 1024 },
});
const mlp: TrainSpec = {
  ...dcgan,
  model: {
    architecture: 'MLP',
    latentSize: 6,
    generatorWidths: [16, 24],
    discriminatorWidths: [24, 16],
    dropout: 0.3,
  },
};

/** Images of one bright column each. */
function writeBars(): TrainingData {
  const { images, width, height } = dcgan.dataset;
  const file = join(temporaryFolder(), 'images.npy');
  const pixels = Uint8Array.from({ length: images * width * height }, (_, at) => {
    const [image, column] = [Math.floor(at / (width * height)), at % width];
    return image % width === column ? 255 : 0;
  });
  writeFileSync(file, Buffer.concat([Buffer.alloc(128), pixels]));
  return { shards: [{ file, count: images }] };
}

let data: TrainingData;
beforeAll(() => {
  data = writeBars();
});

const start = (spec: TrainSpec, layout: Layout = 'flat'): Session => {
  const session = open(buildTrainingProgram(spec, data).program, { layout });
  session.call('init');
  return session;
};
const indices = (step: number) => Int32Array.from({ length: dcgan.batchSize }, (_, n) => (step * 5 + n * 7) % 64);
const train = (session: Session, spec: TrainSpec, step: number, salt = 0) =>
  session.call('train', trainFeeds(spec, { step, salt, indices: indices(step) }));
const run = (session: Session, spec: TrainSpec, from: number, to: number) => {
  const rows = [];
  for (let step = from; step <= to; step++) rows.push(train(session, spec, step));
  return rows;
};

describe.each([dcgan, mlp])('$model.architecture', (spec) => {
  test('continues bit for bit from what was read at step 5', () => {
    const [saved, undisturbed, lastState, sheet] = using(start(spec), (session) => {
      run(session, spec, 1, 5);
      const saved = session.read();
      const rows = run(session, spec, 6, 15);
      return [saved, rows, session.read(), session.call('sample', { z: fixedLatents(spec) })];
    });
    using(start(spec), (session) => {
      session.write(saved);
      expect(run(session, spec, 6, 15)).toEqual(undisturbed);
      expect(session.read()).toEqual(lastState);
      expect(session.call('sample', { z: fixedLatents(spec) })).toEqual(sheet);
    });
  });

  test('state is weights, moments and averages, each of them moved by a step', () => {
    using(start(spec), (session) => {
      const before = session.read();
      run(session, spec, 1, 2);
      const unmoved = [...session.read()].filter(([name, { data }]) => String(before.get(name)?.data) === String(data));
      expect(unmoved.map(([name]) => name)).toEqual([]);
      expect([...before.keys()]).not.toContain('dataset/images');
      expect([...before.keys()].filter((name) => name.startsWith('adam/')).length).toBeGreaterThan(10);
    });
  });

  test('a cell of a sheet depends on its own latent only', () => {
    using(start(spec), (session) => {
      run(session, spec, 1, 3);
      const z = fixedLatents(spec);
      const cell = spec.dataset.width * spec.dataset.height;
      const first = session.call('sample', { z }).images?.data.slice(0, cell);
      const others = Float32Array.from(z.data, (value, at) => (at < spec.model.latentSize ? value : -value));
      const second = session.call('sample', { z: { ...z, data: others } }).images?.data.slice(0, cell);
      expect(second).toEqual(first);
    });
  });

  test('a step in float64 is the step of float32, up to rounding', () => {
    const step = (precision: Precision) =>
      using(open(buildTrainingProgram(spec, data, { precision }).program), (session) => {
        session.call('init');
        return { ...train(session, spec, 1), ...Object.fromEntries(session.read()) };
      });
    const [short, long] = [step('float32'), step('float64')];
    for (const [name, { data: exact, dtype }] of Object.entries(long)) {
      expect(dtype, name).toBe('float64');
      // Adam's first step is the learning rate times the gradient's sign: elements whose gradient is but rounding differ.
      const moments = name.startsWith('adam/') || !name.includes('/');
      if (!moments) continue;
      const largest = Math.max(...exact.map(Math.abs));
      exact.forEach((value, at) => {
        expect(Math.abs((short[name]?.data[at] ?? Number.NaN) - value), name).toBeLessThan(1e-4 * largest + 1e-9);
      });
    }
  });

  test('step, salt and seed each change the noise', () => {
    using(start(spec), (session) => {
      const initial = session.read();
      const lossG = (step: number, salt: number, seed: number) => {
        session.write(initial);
        const feeds = trainFeeds({ ...spec, seed }, { step: 1, salt, indices: indices(1) });
        const key = { dtype: 'int32', shape: [3], data: Int32Array.of(seed, salt, step) } as const;
        return session.call('train', { ...feeds, key }).lossG?.data[0];
      };
      const losses = [lossG(1, 0, 11), lossG(2, 0, 11), lossG(1, 1, 11), lossG(1, 0, 12)];
      expect(new Set(losses).size).toBe(4);
      expect(lossG(1, 0, 11)).toBe(losses[0]);
    });
  });

  test('a step that is not finite says so and changes no state', () => {
    using(start(spec), (session) => {
      run(session, spec, 1, 2);
      const state = session.read();
      const bias = state.get('discriminator/dense/bias');
      if (!bias) throw new Error('no bias');
      session.write(new Map([['discriminator/dense/bias', { ...bias, data: Float32Array.of(Number.NaN) }]]));
      const broken = session.read();
      expect(train(session, spec, 3).finite?.data[0]).toBe(0);
      expect(session.read()).toEqual(broken);
      session.write(state);
      expect(train(session, spec, 3).finite?.data[0]).toBe(1);
    });
  });

  test('as one function for each signature it is the same to the bit', () => {
    const [flat, functions] = (['flat', 'functions'] as const).map((layout) =>
      using(start(spec, layout), (session) => [run(session, spec, 1, 10), session.read()]),
    );
    expect(functions).toEqual(flat);
  });

  test('compiled by XLA it begins with the same weights, trains, and paints the same images from one state', () => {
    const z = fixedLatents(spec);
    const [before, after, images] = using(start(spec, 'xla'), (session) => {
      const before = session.read();
      for (const { finite } of run(session, spec, 1, 10)) expect(finite?.data[0]).toBe(1);
      return [before, session.read(), session.call('sample', { z }).images?.data ?? []];
    });
    expect(after).not.toEqual(before);
    using(start(spec), (session) => {
      expect(session.read()).toEqual(before);
      session.write(after);
      const expected = session.call('sample', { z }).images?.data ?? [];
      expect(images).toHaveLength(expected.length);
      // tanh's approximations differ by some 2⁻²⁰.
      images.forEach((value, at) => {
        expect(Math.abs(value - (expected[at] ?? Number.NaN))).toBeLessThan(5e-6);
      });
    });
  });

  test('holds the same number of handles after 200 steps', () => {
    using(start(spec), (session) => {
      run(session, spec, 1, 2);
      const before = session.handles();
      run(session, spec, 3, 202);
      expect(session.handles()).toBe(before);
    });
  });
});

describe('micro-batches', () => {
  const soft = { ...adam, epsilon: 1e-2 };
  const spec: TrainSpec = { ...mlp, batchSize: 8, optimizers: { generator: soft, discriminator: soft } };
  const [rowsOf, cells] = [(x: Tensor) => x.shape[0] ?? 0, 9 * 8];

  /** Dense layers and dropout, without batch norm. */
  const plain: typeof buildGan = (graph, model, image) => {
    const paint = dense(graph, 'generator/dense', { inputs: model.latentSize, outputs: cells });
    const look = dense(graph, 'discriminator/hidden', { inputs: cells, outputs: 12 });
    const judge = dense(graph, 'discriminator/dense', { inputs: 12, outputs: 1 });
    return {
      generator: {
        weights: paint.weights,
        averages: [],
        forward: (z, values) => reshape(tanh(paint.apply(z, values)), [rowsOf(z), ...image]),
      },
      discriminator: {
        weights: weightsOf([look, judge]),
        sight: 'image',
        forward: (x, values, drop) =>
          judge.apply(drop(tanh(look.apply(reshape(x, [rowsOf(x), cells]), values)), 'hidden'), values),
      },
    };
  };

  test.each([2, 8])('give the metrics and weights of the whole batch, dropout included: %i', (microBatches) => {
    const trained = (spec: TrainSpec) =>
      using(open(buildTrainingProgram(spec, data, { build: plain }).program), (session) => {
        session.call('init');
        return { rows: run(session, spec, 1, 3), state: session.read() };
      });
    const [whole, split] = [trained(spec), trained({ ...spec, microBatches })];
    expect([...split.state.keys()]).toEqual([...whole.state.keys()]);
    split.rows.forEach((row, index) => {
      for (const [name, { data }] of Object.entries(row)) {
        expect(data[0], name).toBeCloseTo(whole.rows[index]?.[name]?.data[0] ?? Number.NaN, 5);
      }
    });
    for (const [name, { data }] of split.state) {
      const expected = whole.state.get(name)?.data ?? [];
      data.forEach((value, at) => {
        // Sums in another order differ by some 1e-7, which Adam divides by √v̂ + 0.01 and multiplies by 2e-3.
        expect(Math.abs(value - (expected[at] ?? Number.NaN)), name).toBeLessThan(1e-6);
      });
    }
  });

  test.each([dcgan, mlp])('are refused by batch norm, by its name: $model.architecture', (spec) => {
    const build = () => buildTrainingProgram({ ...spec, microBatches: 2 }, data);
    expect(build).toThrow(/^generator\/.*norm: batch norm .* only a part is in train\/discriminator\/part1/);
    expect(build).toThrow(EngineError);
  });
});

test('minimax and non-saturating start with the losses of a D that knows nothing', () => {
  for (const kind of ['MINIMAX', 'NON_SATURATING'] as const) {
    const spec: TrainSpec = { ...dcgan, loss: { kind } };
    using(start(spec), (session) => {
      const row = train(session, spec, 1);
      expect(row.lossD?.data[0]).toBeCloseTo(2 * Math.LN2, 0);
      expect(row.lossG?.data[0]).toBeCloseTo(kind === 'MINIMAX' ? -Math.LN2 : Math.LN2, 0);
      expect(row.scoreReal?.data[0]).toBeCloseTo(0.5, 0);
    });
  }
});

test("the article's network is counted as by hand", () => {
  const spec: TrainSpec = {
    ...dcgan,
    batchSize: 32,
    dataset: { ...dcgan.dataset, width: 64, height: 64, channels: 3, images: 1000 },
    model: articleModel,
  };
  const { program } = buildTrainingProgram(spec, { shards: [{ file: '/images.npy', count: 1000 }] });
  const generator =
    100 * 8 * 8 * 256 + 2 * 8 * 8 * 256 + (16 * 128 * 256 + 128) + (16 * 64 * 128 + 64) + (16 * 3 * 64 + 3);
  const discriminator = 16 * 3 * 64 + 64 + (16 * 64 * 128 + 128) + (16 * 16 * 128 + 1);
  expect(countParameters(program, 'generator/')).toBe(generator);
  expect(countParameters(program, 'discriminator/')).toBe(discriminator);
  expect(countParameters(program)).toBe(generator + discriminator);
  // The multiply-adds of one image: G forward twice and backward once (twice its price), D forward thrice, backward
  // thrice, of which G's pass needs the images' half only.
  const flopsG = 2 * (100 * 16384 + 64 * 16 * 256 * 128 + 256 * 16 * 128 * 64 + 1024 * 16 * 64 * 3);
  const flopsD = 2 * (1024 * 16 * 3 * 64 + 256 * 16 * 64 * 128 + 32768);
  const expected = 32 * (4 * flopsG + 8 * flopsD);
  expect(countFlops(program, 'train') / expected).toBeGreaterThan(0.85);
  expect(countFlops(program, 'train') / expected).toBeLessThan(1.15);
  const memory = estimateMemory(program);
  expect(memory.data).toBe(1000 * 64 * 64 * 3);
  expect(memory.state).toBe(4 * (3 * (generator + discriminator) + 2 * 8 * 8 * 256));
  expect(memory.total).toBeLessThan(2e9);
});

describe('images that G takes over from D', () => {
  // A D that stands still on one real image: then its loss tells G's, if both are of the same images.
  const still: TrainSpec = {
    ...mlp,
    model: { ...mlp.model, dropout: 0 },
    loss: { kind: 'MINIMAX' },
    optimizers: { generator: adam, discriminator: { ...adam, learningRate: 1e-30 } },
  };
  const sumOfLosses = (spec: TrainSpec) =>
    using(start(spec), (session) => {
      const indices = new Int32Array(spec.batchSize);
      const row = session.call('train', trainFeeds(spec, { step: 1, salt: 0, indices }));
      const scalar = (name: string) => row[name]?.data[0] ?? Number.NaN;
      // log D(x) of the real image takes its part out of D's loss.
      return scalar('lossD') + scalar('lossG') + Math.log(scalar('scoreReal'));
    });

  test('are the ones that D has seen', () => {
    expect(Math.abs(sumOfLosses({ ...still, reuseFakes: true }))).toBeLessThan(1e-6);
    expect(Math.abs(sumOfLosses(still))).toBeGreaterThan(1e-4);
  });

  test('are drawn once', () => {
    const flops = (reuseFakes: boolean) =>
      countFlops(buildTrainingProgram({ ...dcgan, reuseFakes }, data).program, 'train');
    const drawn = countFlops(buildTrainingProgram(dcgan, data).program, 'sample') / 6;
    expect((flops(false) - flops(true)) / (drawn * dcgan.batchSize)).toBeGreaterThan(0.9);
    expect((flops(false) - flops(true)) / (drawn * dcgan.batchSize)).toBeLessThan(1.1);
  });

  test('move batch norm as often as others do, and continue bit for bit', () => {
    const spec = { ...dcgan, reuseFakes: true };
    const [saved, rows, last] = using(start(spec), (session) => {
      run(session, spec, 1, 3);
      const saved = session.read();
      const rows = run(session, spec, 4, 6);
      return [saved, rows, session.read()];
    });
    expect(String(last.get('generator/norm/mean')?.data)).not.toBe(String(saved.get('generator/norm/mean')?.data));
    using(start(spec), (session) => {
      session.write(saved);
      expect(run(session, spec, 4, 6)).toEqual(rows);
      expect(session.read()).toEqual(last);
    });
  });
});

test('a D that sees its batch judges real and generated images apart', () => {
  const passes: number[] = [];
  const build =
    (sight: 'image' | 'batch'): typeof buildGan =>
    (graph, model, image) => {
      const { generator, discriminator } = buildGan(graph, model, image);
      return {
        generator,
        discriminator: {
          ...discriminator,
          sight,
          forward(x, values, drop) {
            passes.push(x.shape[0] ?? 0);
            return discriminator.forward(x, values, drop);
          },
        },
      };
    };
  const still = { ...mlp, model: { ...mlp.model, dropout: 0 } };
  const [together, apart] = (['image', 'batch'] as const).map((sight) =>
    using(open(buildTrainingProgram(still, data, { build: build(sight) }).program), (session) => {
      session.call('init');
      return train(session, still, 1);
    }),
  );
  const size = mlp.batchSize;
  expect(passes).toEqual([2 * size, size, size, size, size]);
  for (const [name, { data }] of Object.entries(together ?? {})) {
    expect(apart?.[name]?.data[0], name).toBeCloseTo(data[0] ?? Number.NaN, 5);
  }
});
