/** What a step of a GAN computes, as Ganway and its peers are told it; knows no framework. */
import { type AdamSpec, classesOf, type ModelSpec, type TrainSpec } from '../../../graph/spec/spec.ts';

/**
 * One step is one update of D on a batch of real and one of generated images, then one of G against the new D, each on
 * noise of its own, both by Adam.
 */
export interface Workload {
  readonly name: string;
  readonly batch: number;
  /** `[height, width, channels]`. */
  readonly image: readonly [height: number, width: number, channels: 1 | 3];
  readonly model: ModelSpec;
  /** Which of G's maps are batch-normalised: the ones it begins with, or all but the image. */
  readonly norms: 'first' | 'all';
  /** How many classes a conditional network is told apart; 0: it is told none. */
  readonly classes: number;
  readonly loss: TrainSpec['loss']['kind'];
  /** Every step; γ follows the schedule. */
  readonly regularizer: TrainSpec['regularizer'];
  readonly ema: TrainSpec['ema'];
  readonly schedule: TrainSpec['schedule'];
  /** Of the whole training: what the schedule runs over. */
  readonly steps: number;
  readonly optimizers: { readonly generator: AdamSpec; readonly discriminator: AdamSpec };
}

/** What a training spec asks of a step. */
export function workloadOf(name: string, spec: TrainSpec): Workload {
  const { dataset, model, loss, regularizer, ema, schedule, steps, optimizers, batchSize } = spec;
  return {
    ...{ name, batch: batchSize, model, regularizer, ema, schedule, steps, optimizers },
    image: [dataset.height, dataset.width, dataset.channels],
    norms: 'first',
    classes: classesOf(spec),
    loss: loss.kind,
  };
}
