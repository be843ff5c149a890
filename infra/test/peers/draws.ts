/** The random numbers of a training step, drawn apart from it by the same keys, so that peers can be given them. */
import {
  createGraph,
  dropout,
  feed,
  filled,
  finish,
  randomBytes,
  randomNormal,
  randomUniform,
  signature,
  streamKey,
  type Tensor,
} from '../../../batch/engine/program/index.ts';
import type { Program } from '../../../batch/engine/program/program.ts';
import type { Session, TensorValue } from '../../../batch/engine/session.ts';
import { dropoutOf } from '../../../graph/spec/spec.ts';
import type { Workload } from './workload.ts';

/**
 * A program with one call, `draw`: feed `key` int32 `[3]` = (seed, salt, step); fetches `noise/<player>` `[batch, latentSize]`
 * and, where there is dropout, `mask/<player>/<layer>` in the shape of that layer's result, its scale within; `shares`
 * `[batch, 1, 1, 1]` where a penalty is of images between others.
 */
export function drawsProgram({ batch, image, model, regularizer }: Workload): Program {
  const graph = createGraph();
  signature(graph, 'draw', () => {
    const key = feed(graph, 'key', 'int32', [3]);
    const drawn: Record<string, Tensor> = {};
    const rate = dropoutOf(model);
    if (regularizer.kind === 'GRADIENT_PENALTY') {
      drawn.shares = randomUniform(streamKey(key, 'between'), [batch, 1, 1, 1]);
    }
    // D's step sees real and generated images, G's the generated ones.
    for (const [player, rows] of [['discriminator', 2 * batch] as const, ['generator', batch] as const]) {
      drawn[`noise/${player}`] = randomNormal(streamKey(key, `latent/${player}`), [batch, model.latentSize]);
      if (rate === 0) continue;
      for (const [layer, shape] of layersOf(model, image)) {
        const ones = filled(graph, 1, [rows, ...shape]);
        const bytes = randomBytes(streamKey(key, `dropout/${player}/${layer}`), ones.shape);
        drawn[`mask/${player}/${layer}`] = dropout(ones, rate, bytes);
      }
    }
    return drawn;
  });
  return finish(graph);
}

/** Layers of D that drop, with the shapes of their results. */
function layersOf(model: Workload['model'], [height, width]: Workload['image']): [string, number[]][] {
  switch (model.architecture) {
    case 'DCGAN':
      return model.discriminatorChannels.map((channels, index) => {
        const reach = 2 ** (index + 1);
        return [`stage${index + 1}`, [Math.ceil(height / reach), Math.ceil(width / reach), channels]];
      });
    case 'MLP':
      return model.discriminatorWidths.map((features, index) => [`hidden${index + 1}`, [features]]);
    case 'R3GAN':
      return [];
  }
}

/** The random numbers of step number `step`, under `given/`. */
export function draw(session: Session, seed: number, step: number): ReadonlyMap<string, TensorValue> {
  const key: TensorValue = { dtype: 'int32', shape: [3], data: Int32Array.of(seed, 0, step) };
  return new Map(Object.entries(session.call('draw', { key })).map(([name, value]) => [`given/${name}`, value]));
}
