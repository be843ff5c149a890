/** The program of a training whose data set is not at hand: to count, not to run. */
import { SHARD_BYTES } from '../../graph/spec/dataset.ts';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import type { Program } from '../engine/program/program.ts';
import { buildTrainingProgram } from './program.ts';

/** The program that a trainer of `spec` would run, with the data set in as many files as an import makes. */
export function plannedProgram(spec: TrainSpec): Program {
  const { images, width, height, channels } = spec.dataset;
  const most = Math.max(1, Math.floor(SHARD_BYTES / (width * height * channels)));
  const files = Math.ceil(images / most);
  const shards = Array.from({ length: files }, (_, index) => ({
    file: `/images-${index}.npy`,
    labels: `/labels-${index}.npy`,
    count: Math.min(most, images - index * most),
  }));
  return buildTrainingProgram(spec, { shards }).program;
}
