/** A step of the benchmark's networks as a program: the product's own networks, losses and updates, with R1; no executor. */
import {
  add,
  cast,
  createGraph,
  current,
  feed,
  finish,
  gather,
  multiply,
  randomNormal,
  read,
  type State,
  scale,
  scope,
  select,
  shift,
  signature,
  state,
  streamKey,
  subtract,
  type Tensor,
  update,
  waitFor,
} from '../../../../batch/engine/program/index.ts';
import { initialise } from '../../../../batch/engine/program/init.ts';
import type { Program } from '../../../../batch/engine/program/program.ts';
import { nonSaturating } from '../../../../batch/losses/adversarial.ts';
import { judge } from '../../../../batch/losses/judgement.ts';
import { articleDcgan } from '../../../../batch/models/dcgan.ts';
import { scalarsOf } from '../../../../batch/models/schedule.ts';
import type { TrainingData } from '../../../../batch/models/training-program.ts';
import { takeTurns } from '../../../../batch/models/turns.ts';
import { adamMoments, adamRates, descend } from '../../../../batch/optim/adam.ts';
import { objective } from '../../../../batch/optim/objective.ts';
import type { Workload } from '../../peers/workload.ts';

/**
 * Signatures `init` and `train`, to be called as those of {@link TrainingProgram}.
 *
 * @throws RangeError for other networks than DCGANs.
 */
export function benchProgram({ batch, image, model, norms, regularizer }: Workload, data: TrainingData): Program {
  if (model.architecture !== 'DCGAN') throw new RangeError(`no benchmark of ${model.architecture}`);
  const graph = createGraph();
  const { generator, discriminator } = articleDcgan(graph, model, image, { norms });
  const images = data.shards.reduce((sum, { count }) => sum + count, 0);
  const dataset = state(graph, 'dataset/images', [images, ...image], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards: data.shards },
  });
  const momentsD = adamMoments(discriminator.weights);
  const momentsG = adamMoments(generator.weights);
  signature(graph, 'train', () => {
    const indices = feed(graph, 'indices', 'int32', [batch]);
    const key = feed(graph, 'key', 'int32', [3]);
    const scalar = scalarsOf({ regularizer, ema: null }).feed(graph);
    const noise = (stream: string) => randomNormal(streamKey(key, stream), [batch, model.latentSize]);
    const d = scope(graph, 'discriminator', () => {
      const real = shift(scale(cast(gather(read(dataset), indices), 'float32'), 2 / 255), -1);
      const fake = generator.forward(noise('latent/discriminator'), read, { by: 'batch', observe: () => {} });
      const penalised = regularizer.kind === 'R1' ? (['real'] as const) : [];
      const { logits, penalties } = judge(
        (x) => discriminator.forward(x, read, (y) => y),
        { real, fake },
        {
          sight: 'image',
          penalised,
        },
      );
      const adversarial = nonSaturating.discriminator(logits.real, logits.fake);
      const loss = penalties.real ? add(adversarial, multiply(penalties.real, scalar('gamma'))) : adversarial;
      const step = objective(loss, discriminator.weights);
      return { ...step, ...descend(step, momentsD, adamRates(scalar, 'discriminator')) };
    });
    const g = scope(graph, 'generator', () => {
      const observed: [State, Tensor][] = [];
      const observe = (average: State, seen: Tensor) => observed.push([average, seen]);
      const inTurns = takeTurns([...generator.weights, ...discriminator.weights]);
      const latents = waitFor(noise('latent/generator'), inTurns ? [...d.gradients.values()] : []);
      const fake = generator.forward(latents, read, { by: 'batch', observe });
      const updated = (weight: State) => read(d.weights.get(weight) ?? weight);
      const loss = nonSaturating.generator(discriminator.forward(fake, updated, (y) => y));
      const rates = adamRates(scalar, 'generator');
      const step = descend(objective(loss, generator.weights), momentsG, rates, { gate: d.finite });
      for (const [average, seen] of observed) {
        const old = read(average);
        update(current(average), select(step.finite, add(old, scale(subtract(seen, old), 0.1)), old));
      }
      return { loss };
    });
    return { lossD: d.loss, lossG: g.loss };
  });
  initialise(graph, 1);
  return finish(graph);
}
