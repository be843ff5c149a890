/** What the calls of a training program are fed with; knows no session. */
import { classesOf, type TrainSpec } from '../../graph/spec/spec.ts';
import { streamNumber } from '../engine/program/index.ts';
import type { TensorValue } from '../engine/session.ts';
import { normals } from './normals.ts';
import { scalarsOf, scheduleAt } from './schedule.ts';
import type { Feeds, StepInput } from './training-program.ts';

/** Feeds of `train` for one step: a pure function of the spec and `input`. */
export function trainFeeds(spec: TrainSpec, input: StepInput): Feeds {
  const { step, salt, indices, learningRateScale = 1 } = input;
  return {
    indices: { dtype: 'int32', shape: [spec.batchSize], data: indices },
    key: { dtype: 'int32', shape: [3], data: Int32Array.of(spec.seed, salt, step) },
    schedule: scalarsOf(spec).value(scheduleAt(spec, step, learningRateScale)),
  };
}

/**
 * Feeds of `sample` for every sheet of a run: a pure function of the spec. Where the networks know classes, each row of the
 * sheet has a latent of its own and each column a class, so that a row shows one latent in every class. Beyond the last
 * class they begin anew, with other latents.
 */
export function sheetFeeds(spec: TrainSpec): Feeds {
  const { columns, rows } = spec.snapshots;
  const classes = classesOf(spec);
  const { latentSize } = spec.model;
  const drawn = normals(columns * rows * latentSize, spec.seed, streamNumber('latent/sheet'));
  const shape = [columns * rows, latentSize] as const;
  if (classes === 0) return { z: { dtype: 'float32', shape, data: drawn } };
  const columnOf = (cell: number) => cell % columns;
  const latentOf = (cell: number) =>
    Math.floor(cell / columns) * Math.ceil(columns / classes) + Math.floor(columnOf(cell) / classes);
  const data = drawn.map((_, at) => {
    const [cell, place] = [Math.floor(at / latentSize), at % latentSize];
    return drawn[latentOf(cell) * latentSize + place] ?? 0;
  });
  const labels = Int32Array.from({ length: columns * rows }, (_, cell) => columnOf(cell) % classes);
  return {
    z: { dtype: 'float32', shape, data },
    labels: { dtype: 'int32', shape: [columns * rows], data: labels } satisfies TensorValue,
  };
}
