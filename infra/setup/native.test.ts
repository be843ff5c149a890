import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { cacheFolder, checkout } from './cache.mjs';
import { wantedExecutor } from './executor.mjs';
import { nativeFolder, prepareNative } from './native.mjs';
import { createProgress } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const prepared = process.env.GANWAY_NATIVE || nativeFolder(cacheFolder());

test('TensorFlow without an addon is complete where nothing could be compiled, and not where the addon is forced', async () => {
  const cache = temporaryFolder();
  const folder = nativeFolder(cache);
  mkdirSync(folder, { recursive: true });
  for (const library of LIBRARIES) symlinkSync(join(prepared, library), join(folder, library));
  const prepare = (executor: 'tensorflow' | null) =>
    prepareNative({ checkout, cache, executor, progress: createProgress({ quiet: true }) });
  expect(await prepare(null)).toBe(folder);
  const stamp = () => JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8'));
  expect(Object.keys(stamp().files)).toEqual(LIBRARIES);
  expect(await prepare(null)).toBe(folder);
  const { PATH, CXX } = process.env;
  try {
    Object.assign(process.env, { PATH: '', CXX: '' });
    await expect(prepare('tensorflow')).rejects.toThrow(/There is no C\+\+ compiler .* Install one: .*g\+\+/);
  } finally {
    Object.assign(process.env, { PATH, CXX: CXX ?? '' });
  }
});

test('an executor is one of two, or left open', () => {
  expect(wantedExecutor({})).toBeNull();
  expect(wantedExecutor({ GANWAY_EXECUTOR: 'capi' })).toBe('capi');
  expect(() => wantedExecutor({ GANWAY_EXECUTOR: 'portable' })).toThrow(SetupError);
});
