/** What the calls of a training program are fed with; knows no session. */
import type { AdamSpec, TrainSpec } from '../../graph/spec/spec.ts';
import { streamNumber } from '../engine/program/index.ts';
import type { TensorValue } from '../engine/session.ts';
import { adamSchedule } from '../optim/adam.ts';
import { normals } from './normals.ts';
import { SCALARS } from './program.ts';
import type { Feeds, StepInput } from './training-program.ts';

/** Feeds of `train` for one step: a pure function of the spec and `input`. */
export function trainFeeds(spec: TrainSpec, input: StepInput): Feeds {
  const { step, salt, indices, learningRateScale = 1 } = input;
  const { discriminator, generator } = spec.optimizers;
  const scaled = (adam: AdamSpec) => ({ ...adam, learningRate: adam.learningRate * learningRateScale });
  return {
    indices: { dtype: 'int32', shape: [spec.batchSize], data: indices },
    key: { dtype: 'int32', shape: [3], data: Int32Array.of(spec.seed, salt, step) },
    schedule: SCALARS.value({
      ...adamSchedule('discriminator', scaled(discriminator), step),
      ...adamSchedule('generator', scaled(generator), step),
    }),
  };
}

/** The latents of every sheet of a run, float32 `[cells, latentSize]`: a pure function of the spec. */
export function fixedLatents(spec: TrainSpec): TensorValue {
  const shape = [spec.snapshots.columns * spec.snapshots.rows, spec.model.latentSize] as const;
  const data = normals(shape[0] * shape[1], spec.seed, streamNumber('latent/sheet'));
  return { dtype: 'float32', shape, data };
}
