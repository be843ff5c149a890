/** Folders for tests, gone when the tests of the file are over; knows nothing of what is put into them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

// Registered while the test file is collected: a folder may then also be made in a hook, where vitest takes no more hooks.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, which is removed after the last test of the file. For test files and their helpers only. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ganway-test-'));
  made.push(folder);
  return folder;
}
