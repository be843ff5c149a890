/** Compiles a spec to its training program: one step of both players, and samples; knows no executor and no loop. */
import type { TrainSpec } from '../../graph/spec/spec.ts';
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
  type Precision,
  randomBytes,
  randomNormal,
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
import { type AdversarialLoss, minimax, nonSaturating } from '../losses/adversarial.ts';
import { judge } from '../losses/judgement.ts';
import { adamMoments, adamRates, adamScalars, descend } from '../optim/adam.ts';
import { inParts, type Part } from '../optim/parts.ts';
import { scalarVector } from '../optim/scalars.ts';
import { buildGan } from './gan.ts';
import { generates } from './generator-program.ts';
import type { Drop, Gan, ImageShape } from './network.ts';
import type { TrainingData, TrainingProgram } from './training-program.ts';
import { takeTurns } from './turns.ts';

const LOSSES: Readonly<Record<TrainSpec['loss']['kind'], AdversarialLoss>> = {
  MINIMAX: minimax,
  NON_SATURATING: nonSaturating,
};

/** Share of a step's batch statistics in batch norm's moving averages: PyTorch's momentum. */
const AVERAGE_RATE = 0.1;

/** What follows a schedule. */
export const SCALARS = scalarVector([...adamScalars('discriminator'), ...adamScalars('generator')]);

/**
 * See {@link TrainingProgram} for how to call it. In float64 it takes the same feeds and makes the same choices. `build`
 * declares the networks, by default those that the spec names.
 */
export function buildTrainingProgram(
  spec: TrainSpec,
  data: TrainingData,
  {
    precision = 'float32',
    build = buildGan,
  }: { readonly precision?: Precision; readonly build?: typeof buildGan } = {},
): TrainingProgram {
  const { width, height, channels, images } = spec.dataset;
  const image: ImageShape = [height, width, channels];
  const graph = createGraph({ precision });
  const gan = build(graph, spec.model, image);
  const dataset = state(graph, 'dataset/images', [images, ...image], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards: data.shards },
  });
  const cells = spec.snapshots.columns * spec.snapshots.rows;
  trainSignature(graph, spec, gan, dataset);
  generates(graph, 'sample', gan.generator, [cells, spec.model.latentSize]);
  initialise(graph, spec.seed);
  return {
    program: finish(graph),
    batchSize: spec.batchSize,
    latentSize: spec.model.latentSize,
    cells,
    imageShape: image,
  };
}

/**
 * One step: D on real and generated images, then G against the D that resulted; each on noise of its own, unless the spec
 * says that G takes the images D has seen. G has not moved between the two, so they are the ones it would draw again.
 */
function trainSignature(graph: Graph, spec: TrainSpec, { generator, discriminator }: Gan, dataset: State): void {
  const { batchSize, microBatches, reuseFakes, model } = spec;
  const loss = LOSSES[spec.loss.kind];
  const momentsD = adamMoments(discriminator.weights);
  const momentsG = adamMoments(generator.weights);

  signature(graph, 'train', () => {
    const indices = feed(graph, 'indices', 'int32', [batchSize]);
    const key = feed(graph, 'key', 'int32', [3]);
    const scalar = SCALARS.feed(graph);
    const noise = (stream: string) => randomNormal(streamKey(key, stream), [batchSize, model.latentSize]);
    const masks = (player: string) =>
      dropoutMasks((layer, shape) => randomBytes(streamKey(key, `dropout/${player}/${layer}`), shape), spec);

    const d = scope(graph, 'discriminator', () => {
      const latents = noise('latent/discriminator');
      const drops = new Map<string, (part: Part) => Drop>();
      const dropIn = (pass: string) => {
        const drop = drops.get(pass) ?? masks(pass === 'plain' ? 'discriminator' : `discriminator/${pass}`);
        drops.set(pass, drop);
        return drop;
      };
      const drawings: Drawing[] = [];
      const batch = { size: batchSize, parts: microBatches };
      const objective = inParts(graph, discriminator.weights, batch, (part) => {
        const drawing = draw(generator, part.rows(latents));
        drawings.push(drawing);
        const images = { real: toSigned(gather(read(dataset), part.rows(indices))), fake: drawing.images };
        const { logits } = judge((seen, pass) => discriminator.forward(seen, read, dropIn(pass)(part)), images, {
          sight: discriminator.sight,
        });
        return {
          loss: loss.discriminator(logits.real, logits.fake),
          real: mean(sigmoid(logits.real)),
          fake: mean(sigmoid(logits.fake)),
        };
      });
      return { ...objective, ...descend(objective, momentsD, adamRates(scalar, 'discriminator')), drawings };
    });

    const g = scope(graph, 'generator', () => {
      const [drop, dropReal] = [masks('generator'), masks('generator/real')];
      const earlier = d.drawings.values();
      const latents = reuseFakes ? null : noise('latent/generator');
      const observed: (readonly [State, Tensor])[] = [];
      const inTurns = microBatches > 1 || takeTurns([...generator.weights, ...discriminator.weights]);
      const batch = { size: batchSize, parts: microBatches, after: inTurns ? d.gradients.values() : [] };
      const objective = inParts(graph, generator.weights, batch, (part) => {
        const drawing = latents ? draw(generator, part.rows(latents)) : earlier.next().value;
        if (!drawing) throw new RangeError('D has seen fewer parts of the batch than G');
        observed.push(...drawing.observed);
        const updated = (weight: State) => read(d.weights.get(weight) ?? weight);
        const real = () => {
          const images = toSigned(gather(read(dataset), part.rows(indices)));
          return discriminator.forward(images, updated, dropReal(part));
        };
        return { loss: loss.generator(discriminator.forward(drawing.images, updated, drop(part)), real) };
      });
      const step = descend(objective, momentsG, adamRates(scalar, 'generator'), { gate: d.finite });
      for (const [average, batch] of observed) moveAverage(average, batch, step.finite);
      return { ...objective, ...step };
    });

    return {
      lossD: d.loss,
      lossG: g.loss,
      scoreReal: d.means.real,
      scoreFake: d.means.fake,
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

function draw(generator: Gan['generator'], latents: Tensor): Drawing {
  const observed: [State, Tensor][] = [];
  const observe = (average: State, batch: Tensor) => observed.push([average, batch]);
  return { images: generator.forward(latents, read, { by: 'batch', observe }), observed };
}

/** How a player's activations are dropped in each part of a batch: by masks that are drawn once for all of it. */
function dropoutMasks(
  draw: (layer: string, shape: Shape) => Tensor,
  { model: { dropout: rate }, microBatches }: TrainSpec,
): (part: Part) => Drop {
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
