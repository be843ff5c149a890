/** Whole steps of toy trainings on the portable executor, against TensorFlow. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainSpec } from '../../../../graph/spec/spec.ts';
import { temporaryFolder } from '../../../../infra/test/temporary-folder.ts';
import { fixedLatents, trainFeeds } from '../../../models/feeds.ts';
import { buildTrainingProgram } from '../../../models/program.ts';
import { tinyDcgan, tinyTrainSpec } from '../../../trainer/testing/specs.ts';
import type { Session, TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { open } from '../../testing/native.ts';
import { openPortable } from './session.ts';

const IMAGES = 16;
const STEPS = 3;
const dataset = { ...tinyTrainSpec().dataset, images: IMAGES, width: 9, height: 8, channels: 3 } as const;
const specs: readonly TrainSpec[] = [
  tinyTrainSpec({ dataset, batchSize: 4 }),
  tinyTrainSpec({ dataset, batchSize: 4, model: tinyDcgan }),
];

const file = join(temporaryFolder(), 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + IMAGES * 8 * 9 * 3 }, (_, at) => (at * at * 31) % 251),
);

/** Losses of some steps, the state after them, and a sheet. */
function train(session: Session, spec: TrainSpec) {
  session.call('init');
  const initial = session.read();
  const rows = Array.from({ length: STEPS }, (_, n) => {
    const indices = Int32Array.from({ length: spec.batchSize }, (_, at) => (n * 5 + at * 3) % IMAGES);
    return session.call('train', trainFeeds(spec, { step: n + 1, salt: 0, indices }));
  });
  return { initial, rows, state: session.read(), sheet: session.call('sample', { z: fixedLatents(spec) }) };
}

/**
 * The largest difference of two values, by the largest number of the second. Measured: below 1e-6 after three steps; a
 * wrong rule or another random number is beyond 1e-2.
 */
const TOLERANCE = 1e-5;

function distance(a: TensorValue | undefined, b: TensorValue | undefined): number {
  expect(a?.shape).toEqual(b?.shape);
  const numbers = [...(b?.data ?? [])];
  const differences = numbers.map((number, at) => Math.abs(number - (a?.data[at] ?? Number.NaN)));
  return Math.max(...differences) / Math.max(1e-30, ...numbers.map(Math.abs));
}

test.each(specs)('a toy $model.architecture trains the same', (spec) => {
  const { program } = buildTrainingProgram(spec, { shards: [{ file, count: IMAGES }] });
  const expected = using(open(program), (session) => train(session, spec));
  const portable = openPortable(program, { readFile: readFileSync });
  const actual = using(portable, (session) => train(session, spec));
  const distances: Record<string, number> = { sheet: distance(actual.sheet.images, expected.sheet.images) };
  for (const [name, value] of expected.initial)
    distances[`initial ${name}`] = distance(actual.initial.get(name), value);
  for (const [name, value] of expected.state) distances[name] = distance(actual.state.get(name), value);
  expected.rows.forEach((row, n) => {
    for (const [key, value] of Object.entries(row)) distances[`${key} ${n}`] = distance(actual.rows[n]?.[key], value);
  });
  expect(Object.entries(distances).filter(([, far]) => !(far < TOLERANCE))).toEqual([]);
  expect(portable.handles()).toBe(0);
});
