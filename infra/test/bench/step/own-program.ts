/** A workload as Ganway trains it: its program, its images and what a call is fed; opens no session. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../../batch/engine/program/program.ts';
import type { TensorValue } from '../../../../batch/engine/session.ts';
import { trainFeeds } from '../../../../batch/models/feeds.ts';
import { buildTrainingProgram } from '../../../../batch/models/program.ts';
import { tinyTrainSpec } from '../../../../batch/trainer/testing/specs.ts';
import type { TrainSpec } from '../../../../graph/spec/spec.ts';
import type { Workload } from '../../peers/workload.ts';
import { benchProgram } from './program.ts';

const IMAGES = 256;

export interface OwnProgram {
  readonly program: Program;
  readonly seed: number;
  /** Of the signature `train`, for step number `step`. */
  feeds(step: number): Readonly<Record<string, TensorValue>>;
  /** The batch of that step as the program sees it: float32 `[batch, height, width, channels]`, -1 to 1. */
  batch(step: number): TensorValue;
}

/** The images are written into `folder`, which must stay until `init` was called. */
export function ownProgram(workload: Workload, folder: string): OwnProgram {
  const size = workload.image.reduce((product, side) => product * side, 1);
  const pixels = Uint8Array.from({ length: IMAGES * size }, (_, at) => (at * 37 + (at >> 7) * 11) % 251);
  const file = join(folder, 'images.npy');
  writeFileSync(file, pixels);
  const data = { shards: [{ file, count: IMAGES }] };
  const spec = specOf(workload);
  const indices = (step: number) =>
    Int32Array.from({ length: workload.batch }, (_, n) => (step * workload.batch + n) % IMAGES);
  return {
    program: workload.norms === 'first' ? buildTrainingProgram(spec, data).program : benchProgram(workload, data),
    seed: spec.seed,
    feeds: (step) => trainFeeds(spec, { step, salt: 0, indices: indices(step) }),
    batch(step) {
      const values = new Float32Array(workload.batch * size);
      indices(step).forEach((image, n) => {
        for (let at = 0; at < size; at++) values[n * size + at] = ((pixels[image * size + at] ?? 0) * 2) / 255 - 1;
      });
      return { dtype: 'float32', shape: [workload.batch, ...workload.image], data: values };
    },
  };
}

function specOf({ batch, image, model, loss, regularizer, ema, schedule, optimizers }: Workload): TrainSpec {
  const [height, width, channels] = image;
  const tiny = tinyTrainSpec();
  return {
    ...tiny,
    dataset: { ...tiny.dataset, images: IMAGES, width, height, channels },
    batchSize: batch,
    model,
    loss: { kind: loss, realTarget: 1 },
    ...{ regularizer, ema, schedule, optimizers },
  };
}
