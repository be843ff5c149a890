/** What a new GAN takes: a conditional residual one with most layers and a whole step, on one page and learning. */
import { describe, expect, test } from 'vitest';
import {
  add,
  cast,
  createGraph,
  current,
  feed,
  finish,
  type Graph,
  leakyRelu,
  multiply,
  randomNormal,
  read,
  type State,
  scale,
  select,
  signature,
  streamKey,
  subtract,
  type Tensor,
  tanh,
  update,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { samples } from '../engine/testing/samples.ts';
import { nonSaturating } from '../losses/adversarial.ts';
import { slope, zeroCentred } from '../losses/penalties.ts';
import { adamMoments, adamRates, adamScalars, adamSchedule, descend } from '../optim/adam.ts';
import { averageDecay, averaged, averageWeights, followWeights } from '../optim/average.ts';
import { objective } from '../optim/objective.ts';
import { scalarVector } from '../optim/scalars.ts';
import { valueAt } from '../optim/schedule.ts';
import type { Normalisation, Values } from './layers/index.ts';
import * as layers from './layers/index.ts';

const [BATCH, LATENTS, CLASSES] = [8, 6, 3];
const names = [...adamScalars('discriminator'), ...adamScalars('generator'), 'gamma', 'ema', 'maxNorm'] as const;
const scalars = scalarVector(names);

function generator(graph: Graph) {
  const project = layers.dense(graph, 'generator/latent', { inputs: LATENTS, outputs: 16 });
  const known = layers.embedding(graph, 'generator/class', { classes: CLASSES, size: 16, init: layers.normal(0.7) });
  const start = layers.basisInput(graph, 'generator/start', { height: 4, width: 4, channels: 16 });
  const small = layers.residual(graph, 'generator/block1', { channels: 16, blocks: 2 });
  const up1 = layers.upsampling(graph, 'generator/up1', { size: 1, inputs: 16, outputs: 8 });
  const look = layers.attention(graph, 'generator/attention', { channels: 8 });
  const large = layers.residual(graph, 'generator/block2', { channels: 8, blocks: 2 });
  const norm = layers.conditionalBatchNorm(graph, 'generator/norm', { features: 8, classes: CLASSES });
  const paint = layers.upsampling(graph, 'generator/image', { size: 3, inputs: 8, outputs: 1 });
  return {
    weights: layers.weightsOf([project, known, start, small, up1, look, large, norm, paint]),
    forward(z: Tensor, labels: Tensor, values: Values, normalisation: Normalisation): Tensor {
      const latent = add(project.apply(layers.pixelNorm(z), values), known.apply(labels, values));
      const seed = leakyRelu(start.apply(latent, values), 0.2);
      const grown = [small, up1, look, large].reduce((x, layer) => layer.apply(x, values), seed);
      return tanh(paint.apply(leakyRelu(norm.apply(grown, labels, values, normalisation), 0.2), values));
    },
  };
}

function discriminator(graph: Graph) {
  const stem = layers.convolution(graph, 'discriminator/stem', { size: 4, stride: 2, inputs: 1, outputs: 8 });
  const look = layers.attention(graph, 'discriminator/attention', { channels: 8 });
  const down = layers.downsampling(graph, 'discriminator/down', { size: 1, inputs: 8, outputs: 15 });
  const block = layers.residual(graph, 'discriminator/block', { channels: 16 });
  const end = layers.basisOutput(graph, 'discriminator/end', { height: 4, width: 4, channels: 16 });
  const judge = layers.projection(graph, 'discriminator/judge', { features: 16, classes: CLASSES });
  const weights = layers.weightsOf([stem, look, down, block, end, judge]);
  return {
    weights,
    spectral: layers.spectralNorm(
      graph,
      [stem, down, judge].flatMap(({ weights }) => weights.filter(isMatrix)),
    ),
    forward(x: Tensor, labels: Tensor, values: Values): Tensor {
      const seen = look.apply(leakyRelu(stem.apply(x, values), 0.2), values);
      const wide = layers.minibatchDeviation('discriminator/deviation', down.apply(seen, values));
      return judge.apply(end.apply(leakyRelu(block.apply(wide, values), 0.2), values), labels, values);
    },
  };
}
const isMatrix = ({ shape }: State) => shape.length > 1;

function program() {
  const graph = createGraph();
  const [g, d] = [generator(graph), discriminator(graph)];
  const [momentsD, momentsG, averages] = [adamMoments(d.weights), adamMoments(g.weights), averageWeights(g.weights)];
  signature(graph, 'train', () => {
    const real = feed(graph, 'images', 'float32', [BATCH, 16, 16, 1]);
    const labels = feed(graph, 'labels', 'int32', [BATCH]);
    const key = feed(graph, 'key', 'int32', [3]);
    const scalar = scalars.feed(graph);
    const noise = (stream: string) => randomNormal(streamKey(key, stream), [BATCH, LATENTS]);

    const iteration = d.spectral.iterate(read);
    const valuesD = iteration.normalised(read);
    const fake = g.forward(noise('D'), labels, read, { by: 'batch', observe: () => {} });
    const ofReal = d.forward(real, labels, valuesD);
    const penalty = multiply(zeroCentred(slope(ofReal, real)), scalar('gamma'));
    const lossD = add(nonSaturating.discriminator(ofReal, d.forward(fake, labels, valuesD)), penalty);
    const maxNorm = scalar('maxNorm');
    const stepD = descend(objective(lossD, d.weights), momentsD, adamRates(scalar, 'discriminator'), { maxNorm });
    iteration.keep(stepD.finite);

    const moved = iteration.normalised((state) => read(stepD.weights.get(state) ?? state));
    const observed: [State, Tensor][] = [];
    const observe = (average: State, value: Tensor) => observed.push([average, value]);
    const lossG = nonSaturating.generator(
      d.forward(g.forward(noise('G'), labels, read, { by: 'batch', observe }), labels, moved),
    );
    const limits = { gate: stepD.finite, maxNorm };
    const stepG = descend(objective(lossG, g.weights), momentsG, adamRates(scalar, 'generator'), limits);
    followWeights(averages, stepG.weights, scalar('ema'), stepG.finite);
    for (const [average, value] of observed) {
      const next = add(read(average), scale(subtract(value, read(average)), 0.1));
      update(current(average), select(stepG.finite, next, read(average)));
    }
    const { gradientNorm: normD } = stepD;
    return { lossD, lossG, penalty, normD, normG: stepG.gradientNorm, finite: cast(stepG.finite, 'float32') };
  });
  signature(graph, 'sample', () => {
    const z = feed(graph, 'z', 'float32', [CLASSES, LATENTS]);
    const labels = feed(graph, 'labels', 'int32', [CLASSES]);
    const images = (values: Values) => g.forward(z, labels, values, { by: 'averages' });
    return { averaged: images(averaged(averages, read)), raw: images(read) };
  });
  initialise(graph, 11);
  return finish(graph);
}

const adam = { learningRate: 2e-3, beta1: 0, beta2: 0.99, epsilon: 1e-8 };
const STEPS = 10;

/** Feeds of a step: images with a bright third by class, and the scalars of its schedules. */
function feeds(step: number) {
  const labels = Int32Array.from({ length: BATCH }, (_, index) => (index + step) % CLASSES);
  const dark = samples(BATCH * 256, step, 0.1);
  const images = dark.map(
    (value, at) => value + (Math.floor((at % 16) / 6) === labels[Math.floor(at / 256)] ? 0.8 : -0.8),
  );
  const learningRate = valueAt({ kind: 'COSINE', from: adam.learningRate, to: 1e-4 }, (step - 1) / STEPS);
  return {
    images: { dtype: 'float32', shape: [BATCH, 16, 16, 1], data: images },
    labels: { dtype: 'int32', shape: [BATCH], data: labels },
    key: { dtype: 'int32', shape: [3], data: Int32Array.of(11, 0, step) },
    schedule: scalars.value({
      ...adamSchedule('discriminator', { ...adam, learningRate }, step),
      ...adamSchedule('generator', { ...adam, learningRate }, step),
      gamma: 0.5,
      ema: averageDecay({ halfLifeKimg: 1, rampUp: 0.5 }, BATCH, (step - 1) * BATCH),
      maxNorm: 10,
    }),
  } as const;
}

describe('a conditional residual GAN', () => {
  const built = program();

  test('has the state that its layers declare', () => {
    const of = (role: State['role']) => built.state.filter((state) => state.role === role).map(({ name }) => name);
    const weights = of('weight');
    expect(weights).toEqual([
      ...['latent/kernel', 'latent/bias', 'class/table', 'start/basis'].map((name) => `generator/${name}`),
      ...block('generator/block1'),
      ...['up1/kernel', 'up1/bias'].map((name) => `generator/${name}`),
      ...look('generator/attention'),
      ...block('generator/block2'),
      ...['norm/gain/table', 'norm/bias/table', 'image/kernel', 'image/bias'].map((name) => `generator/${name}`),
      ...['discriminator/stem/kernel', 'discriminator/stem/bias'],
      ...look('discriminator/attention'),
      ...['discriminator/down/kernel', 'discriminator/down/bias'],
      ...block('discriminator/block'),
      ...['end/basis', 'judge/kernel', 'judge/bias', 'judge/table'].map((name) => `discriminator/${name}`),
    ]);
    expect(of('singular')).toEqual(
      ['stem/kernel/u', 'down/kernel/u', 'judge/kernel/u', 'judge/table/u'].map((name) => `discriminator/${name}`),
    );
    const ofG = weights.filter((name) => name.startsWith('generator/'));
    expect(of('average')).toEqual([
      'generator/norm/mean',
      'generator/norm/variance',
      ...ofG.map((name) => `ema/${name}`),
    ]);
    expect([...of('optimizer')].sort()).toEqual(
      weights.flatMap((name) => [`adam/${name}/first`, `adam/${name}/second`]).sort(),
    );
  });

  test('takes ten finite steps that move all of it, and paints by averages', () => {
    using(open(built), (session) => {
      session.call('init');
      const before = session.read();
      for (let step = 1; step <= STEPS; step++) {
        const row = session.call('train', feeds(step));
        expect(row.finite?.data[0]).toBe(1);
        for (const [name, { data }] of Object.entries(row))
          expect(data[0], `${name} of ${step}`).toSatisfy(Number.isFinite);
      }
      const unmoved = [...session.read()].filter(([name, { data }]) => String(before.get(name)?.data) === String(data));
      expect(unmoved.map(([name]) => name)).toEqual([]);
      const z = { dtype: 'float32', shape: [CLASSES, LATENTS], data: samples(CLASSES * LATENTS) } as const;
      const labels = { dtype: 'int32', shape: [CLASSES], data: Int32Array.of(0, 1, 2) } as const;
      const { averaged, raw } = session.call('sample', { z, labels });
      expect(averaged?.shape).toEqual([CLASSES, 16, 16, 1]);
      expect(averaged?.data.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(averaged?.data).not.toEqual(raw?.data);
    });
  });

  test('keeps every bit, of vectors and averages too, where a step is not finite', () => {
    using(open(built), (session) => {
      session.call('init');
      session.call('train', feeds(1));
      const before = session.read();
      const { images, ...others } = feeds(2);
      const broken = { ...images, data: images.data.map((value, at) => (at === 7 ? Number.NaN : value)) };
      expect(session.call('train', { ...others, images: broken }).finite?.data[0]).toBe(0);
      expect(session.read()).toEqual(before);
    });
  });
});

const block = (name: string) =>
  ['reduce/kernel', 'reduce/bias', 'middle/kernel', 'middle/bias', 'expand/kernel'].map((part) => `${name}/${part}`);
const look = (name: string) => [
  ...['query', 'key', 'value', 'output'].map((part) => `${name}/${part}/kernel`),
  `${name}/gate`,
];
