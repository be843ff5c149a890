/** Compiles a spec to its training program: one step of both players, and samples; knows no executor and no loop. */
import { classesOf, dropoutOf, type TrainSpec } from '../../graph/spec/spec.ts';
import {
  add,
  cast,
  createGraph,
  current,
  dropout,
  feed,
  finish,
  type Graph,
  gather,
  mean,
  multiply,
  type Precision,
  randomBytes,
  randomNormal,
  randomUniform,
  read,
  type Shape,
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
import * as losses from '../losses/adversarial.ts';
import type { Kind } from '../losses/judgement.ts';
import { judgeRegularized } from '../losses/regularizer.ts';
import { adamMoments, adamRates, descend } from '../optim/adam.ts';
import { type Averages, averaged, averageWeights, followWeights } from '../optim/average.ts';
import { inParts, type Part } from '../optim/parts.ts';
import { buildGan } from './gan.ts';
import { generates } from './generator-program.ts';
import { declareLabels, labelsAt } from './labels.ts';
import type { Drop, Gan, ImageShape } from './network.ts';
import { scalarsOf } from './schedule.ts';
import type { TrainingData, TrainingProgram } from './training-program.ts';
import { takeTurns } from './turns.ts';

const LOSSES: Readonly<Record<TrainSpec['loss']['kind'], losses.AdversarialLoss>> = {
  MINIMAX: losses.minimax,
  NON_SATURATING: losses.nonSaturating,
  HINGE: losses.hinge,
  LEAST_SQUARES: losses.leastSquares,
  WASSERSTEIN: losses.wasserstein,
  RELATIVISTIC_PAIRING: losses.relativisticPairing,
};

/** Share of a step's batch statistics in batch norm's moving averages: PyTorch's momentum. */
const AVERAGE_RATE = 0.1;

export interface ProgramOptions {
  /** float64 for checks: {@link createGraph}. */
  readonly precision?: Precision;
  /** Declares the networks, by default those that the spec names. */
  readonly build?: typeof buildGan;
}

/**
 * See {@link TrainingProgram} for how to call it. In float64 it takes the same feeds and makes the same choices.
 */
export function buildTrainingProgram(
  spec: TrainSpec,
  data: TrainingData,
  { precision = 'float32', build = buildGan }: ProgramOptions = {},
): TrainingProgram {
  const { width, height, channels, images } = spec.dataset;
  const image: ImageShape = [height, width, channels];
  const graph = createGraph({ precision });
  const classes = classesOf(spec);
  const gan = build(graph, spec.model, image, classes);
  const pixels = state(graph, 'dataset/images', [images, ...image], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards: data.shards },
  });
  const dataset: Dataset = { pixels, labels: classes > 0 ? declareLabels(graph, data) : undefined };
  const averages = spec.ema ? averageWeights(gan.generator.weights) : null;
  const cells = spec.snapshots.columns * spec.snapshots.rows;
  trainSignature(graph, spec, gan, { dataset, averages });
  generates(graph, 'sample', gan.generator, {
    ...{ count: cells, latentSize: spec.model.latentSize, classes },
    values: averages ? averaged(averages, read) : read,
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

/** The images to learn from, and the class of each where the networks are told. */
interface Dataset {
  readonly pixels: State;
  readonly labels: State | undefined;
}

/** What a step needs beside the networks. */
interface Surroundings {
  readonly dataset: Dataset;
  /** Of G's weights; null: none. */
  readonly averages: Averages | null;
}

/**
 * One step: D on real and generated images, then G against the D that resulted; each on noise of its own, unless the spec
 * says that G takes the images D has seen. G has not moved between the two, so they are the ones it would draw again.
 */
function trainSignature(
  graph: Graph,
  spec: TrainSpec,
  { generator, discriminator }: Gan,
  { dataset, averages }: Surroundings,
): void {
  const { batchSize, microBatches, reuseFakes, model, regularizer } = spec;
  const plain = LOSSES[spec.loss.kind];
  const { realTarget } = spec.loss;
  const loss = realTarget < 1 ? losses.smoothed(plain, realTarget) : plain;
  const momentsD = adamMoments(discriminator.weights);
  const momentsG = adamMoments(generator.weights);

  signature(graph, 'train', () => {
    const indices = feed(graph, 'indices', 'int32', [batchSize]);
    const key = feed(graph, 'key', 'int32', [3]);
    const scalar = scalarsOf(spec).feed(graph);
    const noise = (stream: string) => randomNormal(streamKey(key, stream), [batchSize, model.latentSize]);
    const masks = (player: string) =>
      dropoutMasks((layer, shape) => randomBytes(streamKey(key, `dropout/${player}/${layer}`), shape), spec);

    const realOf = (part: Part) => toSigned(gather(read(dataset.pixels), part.rows(indices)));
    /** Classes of a part's real images, and of what is generated beside them. */
    const labelsOf = (part: Part) => dataset.labels && labelsAt(dataset.labels, part.rows(indices));

    const d = scope(graph, 'discriminator', () => {
      const latents = noise('latent/discriminator');
      const drops = new Map<string, (part: Part) => Drop>();
      const dropIn = (pass: string) => {
        const drop = drops.get(pass) ?? masks(pass === 'plain' ? 'discriminator' : `discriminator/${pass}`);
        drops.set(pass, drop);
        return drop;
      };
      let between: Tensor | undefined;
      const shares = () => (between ??= randomUniform(streamKey(key, 'between'), [batchSize, 1, 1, 1]));
      const drawings: Drawing[] = [];
      const batch = { size: batchSize, parts: microBatches };
      const objective = inParts(graph, discriminator.weights, batch, (part) => {
        const labels = labelsOf(part);
        const drawing = draw(generator, part.rows(latents), labels);
        drawings.push(drawing);
        const { logits, penalty } = judgeRegularized(
          (seen, pass, labels) => discriminator.forward(seen, read, dropIn(pass)(part), labels),
          { real: realOf(part), fake: drawing.images },
          { sight: discriminator.sight, labels, regularizer, shares: () => part.rows(shares()) },
        );
        const adversarial = loss.discriminator(logits.real, logits.fake);
        return {
          loss: penalty ? add(adversarial, multiply(penalty, scalar('gamma'))) : adversarial,
          real: mean(sigmoid(logits.real)),
          fake: mean(sigmoid(logits.fake)),
          ...(penalty && { penalty }),
        };
      });
      return { ...objective, ...descend(objective, momentsD, adamRates(scalar, 'discriminator')), drawings };
    });

    const g = scope(graph, 'generator', () => {
      const drops = { fake: masks('generator'), real: masks('generator/real') };
      const earlier = d.drawings.values();
      const latents = reuseFakes ? null : noise('latent/generator');
      const observed: (readonly [State, Tensor])[] = [];
      const inTurns = microBatches > 1 || takeTurns([...generator.weights, ...discriminator.weights]);
      const batch = { size: batchSize, parts: microBatches, after: inTurns ? d.gradients.values() : [] };
      const objective = inParts(graph, generator.weights, batch, (part) => {
        const labels = labelsOf(part);
        const drawing = latents ? draw(generator, part.rows(latents), labels) : earlier.next().value;
        if (!drawing) throw new RangeError('D has seen fewer parts of the batch than G');
        observed.push(...drawing.observed);
        const updated = (weight: State) => read(d.weights.get(weight) ?? weight);
        const judged = (images: Tensor, kind: Kind) =>
          discriminator.forward(images, updated, drops[kind](part), labels);
        return { loss: loss.generator(judged(drawing.images, 'fake'), () => judged(realOf(part), 'real')) };
      });
      const step = descend(objective, momentsG, adamRates(scalar, 'generator'), { gate: d.finite });
      for (const [average, batch] of observed) moveAverage(average, batch, step.finite);
      if (averages) followWeights(averages, step.weights, scalar('ema'), step.finite);
      return { ...objective, ...step };
    });

    return {
      lossD: d.loss,
      lossG: g.loss,
      scoreReal: d.means.real,
      scoreFake: d.means.fake,
      ...(d.means.penalty && { penalty: d.means.penalty }),
      gradientNormD: d.gradientNorm,
      gradientNormG: g.gradientNorm,
      finite: cast(g.finite, 'float32'),
    };
  });
}

/** Images that G made, and the statistics of the batch that its norms saw on the way. */
interface Drawing {
  readonly images: Tensor;
  readonly observed: readonly (readonly [average: State, batch: Tensor])[];
}

function draw(generator: Gan['generator'], latents: Tensor, labels: Tensor | undefined): Drawing {
  const observed: [State, Tensor][] = [];
  const observe = (average: State, batch: Tensor) => observed.push([average, batch]);
  return { images: generator.forward(latents, read, { by: 'batch', observe }, labels), observed };
}

/** How a player's activations are dropped in each part of a batch: by masks that are drawn once for all of it. */
function dropoutMasks(
  draw: (layer: string, shape: Shape) => Tensor,
  { model, microBatches }: TrainSpec,
): (part: Part) => Drop {
  const rate = dropoutOf(model);
  const drawn = new Map<string, Tensor>();
  return (part) => (x, layer) => {
    if (rate === 0) return x;
    const [length = 0, ...rest] = x.shape;
    const bytes = drawn.get(layer) ?? draw(layer, [length * microBatches, ...rest]);
    drawn.set(layer, bytes);
    return dropout(x, rate, part.rows(bytes));
  };
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
