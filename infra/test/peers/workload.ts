/** What a step of a GAN computes, as Ganway and its peers are told it; knows no framework. */
import type { AdamSpec, ModelSpec, TrainSpec } from '../../../graph/spec/spec.ts';

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
  readonly loss: TrainSpec['loss']['kind'];
  /** γ of R1 on the real images, every step (Mescheder et al. 2018, equation 9); 0 for none. */
  readonly r1: number;
  readonly optimizers: { readonly generator: AdamSpec; readonly discriminator: AdamSpec };
}

/** What a training spec asks of a step. */
export function workloadOf(name: string, spec: TrainSpec): Workload {
  const { dataset, model, loss, optimizers, batchSize } = spec;
  const image = [dataset.height, dataset.width, dataset.channels] as const;
  return { name, batch: batchSize, image, model, norms: 'first', loss: loss.kind, r1: 0, optimizers };
}
