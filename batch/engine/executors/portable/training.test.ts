/** Whole steps of toy trainings on the portable executor, against TensorFlow. */
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../../infra/test/temporary-folder.ts';
import type { TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { open } from '../../testing/native.ts';
import { portable } from '../testing/executors.ts';
import { buildToy, toySpecs, trainToy } from '../testing/toys.ts';

/**
 * The largest difference of two values, by the largest number of the second. Measured: below 1e-6 after three steps; a
 * wrong rule or another random number is beyond 1e-2.
 */
const TOLERANCE = 1e-5;

function distance(a: TensorValue | undefined, b: TensorValue): number {
  expect(a?.shape).toEqual(b.shape);
  const numbers = Array.from(b.data);
  const differences = numbers.map((number, at) => Math.abs(number - (a?.data[at] ?? Number.NaN)));
  return Math.max(...differences) / Math.max(1e-30, ...numbers.map(Math.abs));
}

test.each(toySpecs)('a toy $model.architecture trains the same', (spec) => {
  const program = buildToy(spec, temporaryFolder());
  const expected = using(open(program), (session) => trainToy(session, spec));
  const session = portable.open(program);
  const actual = using(session, () => trainToy(session, spec));
  const distances = [...expected].map(([name, value]) => [name, distance(actual.get(name), value)] as const);
  expect(distances.filter(([, far]) => !(far < TOLERANCE))).toEqual([]);
  expect(session.handles()).toBe(0);
});
