/** Generators that have left their trainings: for any batch the same images, from TensorFlow's own loader and from stock TF.js. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classesOf, type TrainSpec } from '../../../graph/spec/spec.ts';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { buildGeneratorProgram } from '../../models/generator-program.ts';
import { TINY_CLASSES, tinyDcgan, tinyR3gan, tinyTrainSpec } from '../../trainer/testing/specs.ts';
import { tensorflow } from '../executors/testing/executors.ts';
import { type GraphModels, startGraphModels } from '../executors/testing/graph-models.ts';
import { runSavedModel } from '../executors/testing/saved-model.ts';
import * as ops from '../program/index.ts';
import { encodeSavedModel } from '../savedmodel/graphdef.ts';
import type { TensorValue } from '../session.ts';
import { articleModel } from '../testing/article.ts';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { samples } from '../testing/samples.ts';
import { freeBatch } from './free-batch.ts';
import { freeze } from './freeze.ts';
import { encodeTfjs } from './tfjs.ts';

/** Sums of thousands of products in float32, in another order. The pixels of a PNG are 78 times as far apart. */
const TOLERANCE = 1e-4;

const { dataset } = tinyTrainSpec();
const sizes = (width: number, height: number, channels: 1 | 3) => ({ ...dataset, width, height, channels });
const GENERATORS: [string, Pick<TrainSpec, 'model' | 'dataset'>][] = [
  ['an MLP', { model: tinyTrainSpec().model, dataset: sizes(16, 16, 1) }],
  ['a DCGAN at odd sizes', { model: tinyDcgan, dataset: sizes(9, 14, 3) }],
  ['the article, 28×28', { model: articleModel, dataset: sizes(28, 28, 1) }],
  [
    'an R3GAN that is told classes',
    { model: { ...tinyR3gan.model, capacity: 0.25 }, dataset: { ...sizes(20, 28, 3), classes: TINY_CLASSES } },
  ],
];

/** Numbers for every state of a program; variances are positive. */
function valuesOf({ state }: ops.Program): Map<string, TensorValue> {
  return new Map(
    state.map(({ name, shape }, index) => {
      const data = samples(ops.sizeOf(shape), index, 0.2);
      const values = name.endsWith('/variance') ? data.map((value) => 0.5 + value * value) : data;
      return [name, { dtype: 'float32', shape, data: values }];
    }),
  );
}

const latents = (count: number, size: number): TensorValue => ({
  dtype: 'float32',
  shape: [count, size],
  data: samples(count * size, 77),
});

/** What a generator makes images of. */
function inputsOf(spec: Pick<TrainSpec, 'model' | 'dataset'>, count: number): Record<string, TensorValue> {
  const z = latents(count, spec.model.latentSize);
  const classes = classesOf(spec);
  if (classes === 0) return { z };
  const data = Int32Array.from({ length: count }, (_, index) => (index * 2) % classes);
  return { z, labels: { dtype: 'int32', shape: [count], data } };
}

function imagesOf(
  spec: Pick<TrainSpec, 'model' | 'dataset'>,
  values: Map<string, TensorValue>,
  inputs: Record<string, TensorValue>,
) {
  return using(open(buildGeneratorProgram(spec, inputs.z?.shape[0] ?? 0)), (session) => {
    session.write(values);
    return session.call('generate', inputs).images?.data ?? new Float32Array();
  });
}

/** By TensorFlow's names of placeholders. */
const fedTo = (inputs: Record<string, TensorValue>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`${name}:0`, value]));

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, value, at) => Math.max(worst, Math.abs(value - (b[at] ?? Number.NaN))), 0);

let models: GraphModels;
beforeAll(async () => {
  models = await startGraphModels();
});
afterAll(() => models.close());

describe.each(GENERATORS)('a frozen generator of %s', (_, spec) => {
  const values = valuesOf(buildGeneratorProgram(spec, 1));
  const frozen = freeBatch((count) => freeze(buildGeneratorProgram(spec, count), 'generate', values));
  const told = classesOf(spec) > 0;
  const image = [spec.dataset.height, spec.dataset.width, spec.dataset.channels];

  test('says what goes in and comes out, and holds the generator alone', () => {
    expect(frozen.signature).toEqual({
      inputs: {
        z: { ref: 'z:0', dtype: 'float32', shape: [-1, spec.model.latentSize] },
        ...(told && { labels: { ref: 'labels:0', dtype: 'int32', shape: [-1] } }),
      },
      outputs: { images: { ref: 'images:0', dtype: 'float32', shape: [-1, ...image] } },
    });
    expect(frozen.state.length).toBeGreaterThan(4);
    expect(frozen.state.filter((name) => !name.startsWith('generator/'))).toEqual([]);
    expect(frozen.nodes.map(({ op }) => op)).not.toContain('VarHandleOp');
  });

  describe.each([1, 6])('of %i images', (count) => {
    const inputs = inputsOf(spec, count);
    let expected: ArrayLike<number>;
    beforeAll(() => {
      expected = imagesOf(spec, values, inputs);
      expect(new Set(Array.from(expected)).size).toBeGreaterThan(100);
    });

    test.runIf(tensorflow)('makes the same from a SavedModel', () => {
      const folder = temporaryFolder();
      const signatures = { serving_default: { ...frozen.signature, method: 'tensorflow/serving/predict' } };
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(frozen, signatures));
      const saved = runSavedModel(folder, fedTo(inputs), 'images:0');
      expect(saved.shape).toEqual([count, ...image]);
      expect(farthest(saved.data, expected)).toBeLessThan(TOLERANCE);
    });

    test('makes the same from a graph model', async () => {
      const files = encodeTfjs(frozen, { generatedBy: 'test', metadata: null });
      const { outputs, shapes } = await models.run(files, inputs, ['images']);
      expect(shapes).toEqual({ z: [-1, spec.model.latentSize], ...(told && { labels: [-1] }) });
      expect(outputs.images?.shape).toEqual([count, ...image]);
      expect(farthest(outputs.images?.data ?? [], expected)).toBeLessThan(TOLERANCE);
    });
  });
});

test('state that a signature does not read is neither asked for nor held', () => {
  const graph = ops.createGraph();
  const init = { kind: 'fill', value: 1 } as const;
  const [used, other] = [ops.state(graph, 'used', [3], { init }), ops.state(graph, 'other', [3], { init })];
  ops.signature(graph, 'call', () => ({ y: ops.multiply(ops.feed(graph, 'x', 'float32', [2, 3]), ops.read(used)) }));
  ops.signature(graph, 'rest', () => ({ y: ops.read(other) }));
  const value: TensorValue = { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) };
  const { state } = freeze(ops.finish(graph), 'call', new Map([['used', value]]));
  expect(state).toEqual(['used']);
});

test('weights in several pieces come together again', async () => {
  const spec = { model: { ...tinyDcgan, generatorChannels: [512, 256] }, dataset: sizes(16, 16, 1) };
  const values = valuesOf(buildGeneratorProgram(spec, 1));
  const frozen = freeze(buildGeneratorProgram(spec, 2), 'generate', values);
  const files = encodeTfjs(frozen, { generatedBy: 'test', metadata: null });
  const pieces = files.filter(({ name }) => name.endsWith('.bin'));
  expect(pieces.map(({ name }) => name)).toEqual([
    'group1-shard1of3.bin',
    'group1-shard2of3.bin',
    'group1-shard3of3.bin',
  ]);
  expect(pieces.map(({ bytes }) => bytes.length > 4 * 1024 ** 2)).toEqual([false, false, false]);
  const z = latents(2, 8);
  const { outputs } = await models.run(files, { z }, ['images']);
  expect(farthest(outputs.images?.data ?? [], imagesOf(spec, values, { z }))).toBeLessThan(TOLERANCE);
});

describe('what cannot stand alone is refused with its reason:', () => {
  const programOf = (build: (graph: ops.Graph, weight: ops.State) => ops.Tensor): ops.Program => {
    const graph = ops.createGraph();
    const weight = ops.state(graph, 'weight', [3], { init: { kind: 'fill', value: 1 } });
    ops.signature(graph, 'call', () => ({ y: build(graph, weight) }));
    return ops.finish(graph);
  };
  const weight = { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) } as const;
  const values = new Map<string, TensorValue>([['weight', weight]]);

  test('a signature that changes state', () => {
    const counting = programOf((_, state) => ops.read(ops.update(ops.current(state), ops.scale(ops.read(state), 2))));
    expect(() => freeze(counting, 'call', values)).toThrow(/^call changes state/);
  });

  test('weights that are missing or of another shape', () => {
    const scaled = programOf((graph, state) => ops.multiply(ops.feed(graph, 'x', 'float32', [2, 3]), ops.read(state)));
    expect(() => freeze(scaled, 'call', new Map())).toThrow(/weight is float32 \[3\] .* missing in the checkpoint\.$/);
    const other = new Map<string, TensorValue>([['weight', { ...weight, shape: [1, 3] }]]);
    expect(() => freeze(scaled, 'call', other)).toThrow(
      /weight is float32 \[1, 3\] in the checkpoint and float32 \[3\]/,
    );
    expect(() => freeze(scaled, 'sing', values)).toThrow(/no signature sing/);
  });

  test('a length that follows the batch, but not in proportion', () => {
    const pairs = (count: number) =>
      programOf((graph, state) => {
        const x = ops.multiply(ops.feed(graph, 'x', 'float32', [count, 3]), ops.read(state));
        return ops.reshape(ops.matMul(x, x, { transposeB: true }), [count * count]);
      });
    expect(() => freeBatch((count) => freeze(pairs(count), 'call', values))).toThrow(
      /depends on the size of the batch/,
    );
  });

  test('a network that is wired otherwise for another batch', () => {
    const wired = (count: number) =>
      programOf((graph, state) => {
        const operands = [ops.feed(graph, 'x', 'float32', [count, 3]), ops.read(state)] as const;
        const [one, other] = count % 4 === 1 ? operands : operands.toReversed();
        return ops.subtract(one ?? operands[0], other ?? operands[1]);
      });
    expect(() => freeBatch((count) => freeze(wired(count), 'call', values))).toThrow(
      /depends on the size of the batch/,
    );
  });

  test('a result that mixes the images of a batch', () => {
    const mixing = (count: number) =>
      programOf((graph, state) => ops.multiply(ops.mean(ops.feed(graph, 'x', 'float32', [count, 3])), ops.read(state)));
    expect(() => freeBatch((count) => freeze(mixing(count), 'call', values))).toThrow(
      /depends on the size of the batch/,
    );
  });

  test('a signature that nothing goes into', () => {
    expect(() =>
      freeBatch(() =>
        freeze(
          programOf((_, state) => ops.read(state)),
          'call',
          values,
        ),
      ),
    ).toThrow(/no batch/);
  });
});
