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
import type { Session, TensorValue } from '../engine/session.ts';
import { articleModel } from '../engine/testing/article.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { tinyDcgan, tinyTrainSpec } from '../trainer/testing/specs.ts';
import { sheetFeeds, trainFeeds } from './feeds.ts';
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
const mlpModel = {
  architecture: 'MLP' as const,
  latentSize: 6,
  generatorWidths: [16, 24],
  discriminatorWidths: [24, 16],
  dropout: 0.3,
};
const mlp: TrainSpec = { ...dcgan, model: mlpModel };

const latentsOf = (spec: TrainSpec): TensorValue => {
  const { z } = sheetFeeds(spec);
  if (!z) throw new RangeError('a sheet without latents');
  return z;
};

const r3gan: TrainSpec = {
  ...dcgan,
  steps: 20,
  dataset: { ...dcgan.dataset, width: 10, height: 12, classes: Array.from('0123456789') },
  model: { architecture: 'R3GAN', latentSize: 6, capacity: 1 / 16, conditional: true },
  loss: { kind: 'RELATIVISTIC_PAIRING', realTarget: 1 },
  regularizer: { kind: 'R1_R2', gamma: 2, fraction: 0.25 },
  ema: { halfLifeKimg: 500, rampUp: 0.5 },
  schedule: { kind: 'COSINE', learningRate: 1e-4, beta2: 0.99, gamma: 0.2 },
};

/** Images of one bright column each, labelled with its number. */
function writeBars({ dataset }: TrainSpec): TrainingData {
  const { images, width, height, classes } = dataset;
  const folder = temporaryFolder();
  const [file, labels] = [join(folder, 'images.npy'), join(folder, 'labels.npy')];
  const pixels = Uint8Array.from({ length: images * width * height }, (_, at) => {
    const [image, column] = [Math.floor(at / (width * height)), at % width];
    return image % width === column ? 255 : 0;
  });
  writeFileSync(file, Buffer.concat([Buffer.alloc(128), pixels]));
  if (classes.length === 0) return { shards: [{ file, count: images }] };
  const numbers = Uint16Array.from({ length: images }, (_, image) => image % width);
  writeFileSync(labels, Buffer.concat([Buffer.alloc(128), Buffer.from(numbers.buffer)]));
  return { shards: [{ file, labels, count: images }] };
}

let data: TrainingData;
let labelled: TrainingData;
beforeAll(() => {
  data = writeBars(dcgan);
  labelled = writeBars(r3gan);
});
const dataOf = ({ dataset }: TrainSpec) => (dataset.classes.length > 0 ? labelled : data);

const start = (spec: TrainSpec, layout: Layout = 'flat'): Session => {
  const session = open(buildTrainingProgram(spec, dataOf(spec)).program, { layout });
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

describe.each([dcgan, mlp, r3gan])('$model.architecture', (spec) => {
  test('continues bit for bit from what was read at step 5', () => {
    const [saved, undisturbed, lastState, sheet] = using(start(spec), (session) => {
      run(session, spec, 1, 5);
      const saved = session.read();
      const rows = run(session, spec, 6, 15);
      return [saved, rows, session.read(), session.call('sample', sheetFeeds(spec))];
    });
    using(start(spec), (session) => {
      session.write(saved);
      expect(run(session, spec, 6, 15)).toEqual(undisturbed);
      expect(session.read()).toEqual(lastState);
      expect(session.call('sample', sheetFeeds(spec))).toEqual(sheet);
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
      const { z: _, ...labels } = sheetFeeds(spec);
      const z = latentsOf(spec);
      const cell = spec.dataset.width * spec.dataset.height;
      const first = session.call('sample', { ...labels, z }).images?.data.slice(0, cell);
      const others = Float32Array.from(z.data, (value, at) => (at < spec.model.latentSize ? value : -value));
      const second = session.call('sample', { ...labels, z: { ...z, data: others } }).images?.data.slice(0, cell);
      expect(second).toEqual(first);
    });
  });

  test('a step in float64 is the step of float32, up to rounding', () => {
    const step = (precision: Precision) =>
      using(open(buildTrainingProgram(spec, dataOf(spec), { precision }).program), (session) => {
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
      const [name, bias] = [...state].find(([name]) => /^discriminator\/(dense|stem)\/bias$/.test(name)) ?? [];
      if (!name || !bias) throw new Error('no bias');
      session.write(new Map([[name, { ...bias, data: Float32Array.from(bias.data, () => Number.NaN) }]]));
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
    const sheet = sheetFeeds(spec);
    const [before, after, images] = using(start(spec, 'xla'), (session) => {
      const before = session.read();
      for (const { finite } of run(session, spec, 1, 10)) expect(finite?.data[0]).toBe(1);
      return [before, session.read(), session.call('sample', sheet).images?.data ?? []];
    });
    expect(after).not.toEqual(before);
    using(start(spec), (session) => {
      expect(session.read()).toEqual(before);
      session.write(after);
      const expected = session.call('sample', sheet).images?.data ?? [];
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
        bounded: true,
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

describe('the labels of a conditional training', () => {
  const tableOf = (session: Session) => session.read().get('generator/class/table')?.data ?? [];
  test('are those of the very images shown, to both bytes', () => {
    // A data set of which only images of the classes 3 and 258 are shown: only their vectors are learned.
    const classes = Array.from({ length: 300 }, (_, index) => String(index));
    const spec: TrainSpec = { ...r3gan, dataset: { ...r3gan.dataset, classes } };
    const folder = temporaryFolder();
    const labels = join(folder, 'labels.npy');
    const shown = new Set([...indices(1), ...indices(2)]);
    const numbers = Uint16Array.from({ length: 64 }, (_, image) =>
      shown.has(image) ? ([3, 258][image % 2] ?? 0) : 299,
    );
    writeFileSync(labels, Buffer.concat([Buffer.alloc(80), Buffer.from(numbers.buffer)]));
    const shards = labelled.shards.map((shard) => ({ ...shard, labels }));
    const [initial, learned] = using(open(buildTrainingProgram(spec, { shards }).program), (session) => {
      session.call('init');
      const initial = tableOf(session);
      run(session, spec, 1, 2);
      return [initial, tableOf(session)];
    });
    const moved = new Set<number>();
    learned.forEach((value, at) => {
      if (value !== initial[at]) moved.add(Math.floor(at / (learned.length / 300)));
    });
    expect([...moved].sort((a, b) => a - b)).toEqual([3, 258]);
  });

  test('are asked for by both networks, and missing ones are a mistake', () => {
    expect(() => buildTrainingProgram(r3gan, data)).toThrow(/without labels/);
    const without = { ...r3gan, model: { ...r3gan.model, conditional: false } } as TrainSpec;
    const { program } = buildTrainingProgram(without, data);
    expect(program.state.map(({ name }) => name).filter((name) => /label|table|class/.test(name))).toEqual([]);
    expect(Object.keys(sheetFeeds(without))).toEqual(['z']);
  });

  test('say what a cell of a sheet shows', () => {
    using(start(r3gan), (session) => {
      run(session, r3gan, 1, 3);
      const { z, labels } = sheetFeeds(r3gan);
      if (!z || !labels) throw new RangeError('no labels');
      const image = (cell: number, of: Int32Array) =>
        session.call('sample', { z, labels: { ...labels, data: of } }).images?.data.slice(cell * 120, cell * 120 + 120);
      const others = Int32Array.from(labels.data, (label, cell) => (cell === 1 ? Number(label) : 9 - Number(label)));
      const own = Int32Array.from(labels.data, Number);
      expect(image(1, others)).toEqual(image(1, own));
      expect(image(0, others)).not.toEqual(image(0, own));
    });
  });
});

describe('averaged weights', () => {
  test('are what sheets show, and follow the weights', () => {
    using(start(r3gan), (session) => {
      run(session, r3gan, 1, 6);
      const state = session.read();
      const sheet = session.call('sample', sheetFeeds(r3gan)).images;
      const averaged = [...state].filter(([name]) => name.startsWith('ema/'));
      expect(averaged.map(([name]) => name.slice(4)).sort()).toEqual(
        [...state.keys()].filter((name) => name.startsWith('generator/')).sort(),
      );
      session.write(new Map(averaged.map(([name, value]) => [name.slice(4), value])));
      const taken = session.call('sample', sheetFeeds(r3gan)).images;
      expect(taken).toEqual(sheet);
      const raw = averaged.map(([name, value]) => [name, state.get(name.slice(4)) ?? value] as const);
      session.write(new Map(raw));
      expect(session.call('sample', sheetFeeds(r3gan)).images).not.toEqual(sheet);
    });
  });

  test('begin as the weights, and are the weights after the first step', () => {
    using(start(r3gan), (session) => {
      for (let step = 0; step <= 1; step++) {
        if (step > 0) run(session, r3gan, 1, 1);
        const state = session.read();
        for (const [name, { data }] of state) {
          if (name.startsWith('ema/')) expect(data, name).toEqual(state.get(name.slice(4))?.data);
        }
      }
    });
  });
});

test('every loss and every penalty trains, micro-batches and reused images included', () => {
  const kinds = ['NON_SATURATING', 'MINIMAX', 'HINGE', 'LEAST_SQUARES', 'WASSERSTEIN', 'RELATIVISTIC_PAIRING'] as const;
  const penalties = ['NONE', 'R1', 'R1_R2', 'GRADIENT_PENALTY'] as const;
  kinds.forEach((kind, index) => {
    const spec: TrainSpec = {
      ...r3gan,
      loss: { kind, realTarget: kind === 'MINIMAX' ? 0.9 : 1 },
      regularizer: { kind: penalties[index % 4] ?? 'NONE', gamma: 1, fraction: 0.5 },
      microBatches: index % 2 === 0 ? 2 : 1,
      reuseFakes: index % 3 === 0,
    };
    using(start(spec), (session) => {
      const rows = run(session, spec, 1, 3);
      for (const row of rows) {
        expect(row.finite?.data[0], kind).toBe(1);
        expect(row.penalty?.data[0] !== undefined, kind).toBe(spec.regularizer.kind !== 'NONE');
      }
    });
  });
});

test('a penalty has the weight that the schedule gives it', () => {
  const lossAt = (gamma: number) => {
    const spec: TrainSpec = { ...r3gan, regularizer: { ...r3gan.regularizer, gamma } };
    return using(start(spec), (session) => train(session, spec, 1));
  };
  const [none, some] = [lossAt(0), lossAt(3)];
  const penalty = some.penalty?.data[0] ?? Number.NaN;
  expect(penalty).toBeGreaterThan(0);
  expect((some.lossD?.data[0] ?? Number.NaN) - (none.lossD?.data[0] ?? Number.NaN)).toBeCloseTo(3 * Number(penalty), 4);
});

test('minimax and non-saturating start with the losses of a D that knows nothing', () => {
  for (const kind of ['MINIMAX', 'NON_SATURATING'] as const) {
    const spec: TrainSpec = { ...dcgan, loss: { kind, realTarget: 1 } };
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
    model: { ...mlpModel, dropout: 0 },
    loss: { kind: 'MINIMAX', realTarget: 1 },
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
      const { generator, discriminator } = buildGan(graph, model, image, 0);
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
  const still = { ...mlp, model: { ...mlpModel, dropout: 0 } };
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
