/** Whole training programs of toy size, a few steps of each; executes none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainSpec } from '../../../../graph/spec/spec.ts';
import { sheetFeeds, trainFeeds } from '../../../models/feeds.ts';
import { buildTrainingProgram } from '../../../models/program.ts';
import { tinyDcgan, tinyTrainSpec } from '../../../trainer/testing/specs.ts';
import type { Program } from '../../program/program.ts';
import type { Session, TensorValue } from '../../session.ts';

const IMAGES = 16;
const dataset = { ...tinyTrainSpec().dataset, images: IMAGES, width: 9, height: 8, channels: 3 } as const;

/** One of each architecture. */
export const toySpecs: readonly TrainSpec[] = [
  tinyTrainSpec({ dataset, batchSize: 4 }),
  tinyTrainSpec({ dataset, batchSize: 4, model: tinyDcgan }),
];

/** Its data set is a file that is written into `folder`. */
export function buildToy(spec: TrainSpec, folder: string): Program {
  const file = join(folder, 'toy.npy');
  writeFileSync(
    file,
    Uint8Array.from({ length: 128 + IMAGES * 8 * 9 * 3 }, (_, at) => (at * at * 31) % 251),
  );
  return buildTrainingProgram(spec, { shards: [{ file, count: IMAGES }] }).program;
}

/** One step of a toy. */
export function stepToy(session: Session, spec: TrainSpec, step: number): Record<string, TensorValue> {
  const indices = Int32Array.from({ length: spec.batchSize }, (_, at) => (step * 5 + at * 3) % IMAGES);
  return session.call('train', trainFeeds(spec, { step, salt: 0, indices }));
}

/** All that three steps show, by name: initial state, what each step fetches, state after them, a sheet. */
export function trainToy(session: Session, spec: TrainSpec): ReadonlyMap<string, TensorValue> {
  session.call('init');
  const initial = [...session.read()].map(([name, value]) => [`initial ${name}`, value] as const);
  const rows = [1, 2, 3].flatMap((step) =>
    Object.entries(stepToy(session, spec, step)).map(([key, value]) => [`${key} ${step}`, value] as const),
  );
  const sheet = Object.entries(session.call('sample', sheetFeeds(spec)));
  return new Map([...initial, ...rows, ...session.read(), ...sheet]);
}
