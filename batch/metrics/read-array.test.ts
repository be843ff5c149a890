/** Files that are no arrays for a metric, and what is said of them; those that are, NumPy saves in infra/test/peers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { readArray } from './read-array.ts';
import { npyBytes } from './testing/npy-file.ts';

const folder = temporaryFolder();
const whole = npyBytes([2, 2], [1, 2, 3, 4]);
const changed = (from: string, to: string) => Buffer.from(whole.toString('latin1').replace(from, to), 'latin1');

test('an array comes back in its shape', async () => {
  writeFileSync(join(folder, 'whole.npy'), whole);
  expect(await readArray(join(folder, 'whole.npy'))).toEqual({ shape: [2, 2], values: Float64Array.of(1, 2, 3, 4) });
});

test.each([
  [
    'a picture',
    Buffer.from('\x89PNG and more', 'latin1'),
    'NOT_AN_ARRAY',
    /is not an array that NumPy saved: Not a .npy/,
  ],
  ['a file that ends too early', whole.subarray(0, 20), 'NOT_AN_ARRAY', /ends within its header/],
  [
    'a file that was cut',
    whole.subarray(0, -3),
    'NOT_AN_ARRAY',
    /holds 29 bytes of values, not the 32 bytes for the shape \[2, 2\]/,
  ],
  ['a version to come', changed('NUMPY\x01', 'NUMPY\x09'), 'NOT_AN_ARRAY', /of version 9/],
  ['text', changed('<f8', '<U2'), 'NOT_AN_ARRAY', /values of the type "<U2"/],
  ['complex numbers', changed('<f8', '<c8'), 'NOT_AN_ARRAY', /"<c8"\. Save float32/],
  ['records', changed("'<f8'", "[('x', '<f8')]"), 'NOT_AN_ARRAY', /Unsupported .npy header/],
  ['a number that is none', npyBytes([3], [1, Number.NaN, 2]), 'MISFIT', /holds NaN as value number 1/],
  ['an infinite number', npyBytes([1], [Number.POSITIVE_INFINITY]), 'MISFIT', /holds Infinity/],
])('%s is refused', async (_, bytes, code, message) => {
  const path = join(folder, 'given.npy');
  writeFileSync(path, bytes);
  await expect(readArray(path)).rejects.toMatchObject({
    name: 'MetricError',
    code,
    message: expect.stringMatching(message),
  });
});

test('a file that is not there is another matter than one that cannot be read', async () => {
  await expect(readArray(join(folder, 'none.npy'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(readArray(folder)).rejects.toMatchObject({ code: 'NOT_AN_ARRAY' });
});
