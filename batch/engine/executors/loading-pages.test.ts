/** What stays resident of TensorFlow's libraries, once they are loaded. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nativeDir } from '../testing/native.ts';
import { describeNumerics } from './numerics.ts';

/** MB of this process by the name of the mapped file. */
function residentOf(file: RegExp): number {
  const mappings = readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const resident = (mapping: string) => Number(/^Rss:\s+(\d+) kB$/m.exec(mapping)?.[1] ?? 0);
  return mappings.filter((mapping) => file.test(mapping)).reduce((sum, mapping) => sum + resident(mapping), 0) / 1e3;
}

test.runIf(process.platform === 'linux')('the pages that only loading has touched are given back', () => {
  const { library } = describeNumerics({ nativeDir, threads: 1, flags: [] });
  expect(library).toMatch(/^TensorFlow 2/);
  // Relocated tables stay, and the ways back from the last calls; before, it is 280 MB.
  const resident = residentOf(/libtensorflow_/);
  expect(resident).toBeGreaterThan(1);
  expect(resident).toBeLessThan(60);
});
