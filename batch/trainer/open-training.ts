/** Opens the training of a work folder on TensorFlow: data set, program, session; the only part of the trainer that names an executor. */
import { join } from 'node:path';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { openDataset } from '../data/open-dataset.ts';
import { describeNumerics } from '../engine/executors/numerics.ts';
import { type OpenOptions, openSession } from '../engine/executors/open.ts';
import { sheetFeeds, trainFeeds } from '../models/feeds.ts';
import { buildTrainingProgram, type ProgramOptions } from '../models/program.ts';
import { numericFlags } from '../protocol/environment.ts';
import { WORK } from '../protocol.ts';
import type { StartedTraining } from './run.ts';
import type { WorkFolder } from './work-folder.ts';

/**
 * Builds the program of the spec and initialises it: weights from the seed, images from the data set. `build` declares other
 * networks than the spec's.
 *
 * @throws DatasetDamaged where the data set is not the one pinned; EngineError
 */
export async function openTraining(
  work: WorkFolder,
  spec: TrainSpec,
  native: Pick<OpenOptions, 'nativeDir' | 'executor'>,
  { build }: Pick<ProgramOptions, 'build'> = {},
): Promise<StartedTraining> {
  const { shards } = await openDataset(join(work.path, WORK.dataset), { digest: spec.dataset.digest });
  const data = { shards: shards.map(({ images, labels, count }) => ({ file: images, labels, count })) };
  const training = buildTrainingProgram(spec, data, build && { build });
  const { precision = 'FP32', threads } = spec.resources;
  const session = openSession(training.program, { ...native, precision, workDir: work.path });
  session.call('init');
  return {
    session,
    state: training.program.state,
    numerics: describeNumerics({
      ...native,
      threads,
      precision,
      flags: numericFlags(spec.resources),
    }),
    feeds: (step) => trainFeeds(spec, step),
    sheet: sheetFeeds(spec),
  };
}
