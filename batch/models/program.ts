/** Compiles a spec to its training program: one step of both players, and samples; knows no executor and no loop. */
import type { TrainSpec } from '../../graph/spec/spec.ts';
import {
  add,
  cast,
  concat,
  createGraph,
  current,
  dropout,
  feed,
  finish,
  type Graph,
  gather,
  mean,
  type Precision,
  randomNormal,
  read,
  rows,
  type State,
  scale,
  scope,
  select,
  shift,
  sigmoid,
  signature,
  state,
  streamKey,
  subtract,
  type Tensor,
  update,
} from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import { type AdversarialLoss, minimax, nonSaturating } from '../losses/adversarial.ts';
import { adamMoments, adamRates, adamScalars, descend } from '../optim/adam.ts';
import { objective } from '../optim/objective.ts';
import { scalarVector } from '../optim/scalars.ts';
import { buildGan } from './gan.ts';
import type { Drop, Gan, ImageShape } from './network.ts';
import type { TrainingData, TrainingProgram } from './training-program.ts';

const LOSSES: Readonly<Record<TrainSpec['loss']['kind'], AdversarialLoss>> = {
  MINIMAX: minimax,
  NON_SATURATING: nonSaturating,
};

/** Share of a step's batch statistics in batch norm's moving averages: PyTorch's momentum. */
const AVERAGE_RATE = 0.1;

/** What follows a schedule. */
export const SCALARS = scalarVector([...adamScalars('discriminator'), ...adamScalars('generator')]);

/** See {@link TrainingProgram} for how to call it. In float64 it takes the same feeds and makes the same choices. */
export function buildTrainingProgram(
  spec: TrainSpec,
  data: TrainingData,
  options: { readonly precision?: Precision } = {},
): TrainingProgram {
  const { width, height, channels, images } = spec.dataset;
  const image: ImageShape = [height, width, channels];
  const graph = createGraph(options);
  const gan = buildGan(graph, spec.model, image);
  const dataset = state(graph, 'dataset/images', [images, ...image], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards: data.shards },
  });
  const cells = spec.snapshots.columns * spec.snapshots.rows;
  trainSignature(graph, spec, gan, dataset);
  signature(graph, 'sample', () => {
    const z = feed(graph, 'z', 'float32', [cells, spec.model.latentSize]);
    return { images: gan.generator.forward(z, read, { by: 'averages' }) };
  });
  initialise(graph, spec.seed);
  return {
    program: finish(graph),
    batchSize: spec.batchSize,
    latentSize: spec.model.latentSize,
    cells,
    imageShape: image,
  };
}

/** One step: D on real and generated images, then G against the D that resulted, each on noise of its own. */
function trainSignature(graph: Graph, spec: TrainSpec, { generator, discriminator }: Gan, dataset: State): void {
  const { batchSize, model } = spec;
  const loss = LOSSES[spec.loss.kind];
  const momentsD = adamMoments(discriminator.weights);
  const momentsG = adamMoments(generator.weights);

  signature(graph, 'train', () => {
    const indices = feed(graph, 'indices', 'int32', [batchSize]);
    const key = feed(graph, 'key', 'int32', [3]);
    const scalar = SCALARS.feed(graph);
    const noise = (stream: string) => randomNormal(streamKey(key, stream), [batchSize, model.latentSize]);
    const dropAs =
      (player: string): Drop =>
      (x, layer) =>
        dropout(x, model.dropout, streamKey(key, `dropout/${player}/${layer}`));

    const d = scope(graph, 'discriminator', () => {
      const real = toSigned(gather(read(dataset), indices));
      const fake = generator.forward(noise('latent/discriminator'), read, { by: 'batch', observe: () => {} });
      // D has no batch norm: one pass over both halves is two passes, at one call's price.
      const logits = discriminator.forward(concat([real, fake]), read, dropAs('discriminator'));
      const [ofReal, ofFake] = [rows(logits, 0, batchSize), rows(logits, batchSize, batchSize)];
      const value = loss.discriminator(ofReal, ofFake);
      const step = descend(objective(value, discriminator.weights), momentsD, adamRates(scalar, 'discriminator'));
      return { ...step, loss: value, real: mean(sigmoid(ofReal)), fake: mean(sigmoid(ofFake)) };
    });

    const g = scope(graph, 'generator', () => {
      const observed: [State, Tensor][] = [];
      const images = generator.forward(noise('latent/generator'), read, {
        by: 'batch',
        observe: (average, batch) => observed.push([average, batch]),
      });
      const judged = discriminator.forward(
        images,
        (weight) => read(d.weights.get(weight) ?? weight),
        dropAs('generator'),
      );
      const value = loss.generator(judged);
      const rates = adamRates(scalar, 'generator');
      const step = descend(objective(value, generator.weights), momentsG, rates, { gate: d.finite });
      for (const [average, batch] of observed) moveAverage(average, batch, step.finite);
      return { ...step, loss: value };
    });

    return {
      lossD: d.loss,
      lossG: g.loss,
      scoreReal: d.real,
      scoreFake: d.fake,
      gradientNormD: d.gradientNorm,
      gradientNormG: g.gradientNorm,
      finite: cast(g.finite, 'float32'),
    };
  });
}

/** uint8 0…255 → float32 -1…1. */
function toSigned(pixels: Tensor): Tensor {
  return shift(scale(cast(pixels, 'float32'), 2 / 255), -1);
}

function moveAverage(average: State, batch: Tensor, finite: Tensor): void {
  const old = read(average);
  const moved = add(old, scale(subtract(batch, old), AVERAGE_RATE));
  update(current(average), select(finite, moved, old));
}
