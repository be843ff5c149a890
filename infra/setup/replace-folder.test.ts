import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { replaceFolder } from './replace-folder.mjs';

const write = (text: string) => async (fresh: string) => writeFileSync(join(fresh, 'file'), text);

test('a folder appears whole, and takes the place of an older one', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'it');
  for (const text of ['first', 'second']) {
    await replaceFolder(folder, write(text));
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(text);
    expect(readdirSync(parent)).toEqual(['it']);
  }
});

test('on a disk that fills up the old folder stays, and what was written is removed', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'it');
  await replaceFolder(folder, write('first'));
  const failing = replaceFolder(folder, async (fresh) => {
    await write('half')(fresh);
    throw Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
  });
  await expect(failing).rejects.toThrow('ENOSPC');
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
  expect(readdirSync(parent)).toEqual(['it']);
});

test('what a killed one left is not taken over', async () => {
  const folder = join(temporaryFolder(), 'it');
  mkdirSync(`${folder}.new`);
  writeFileSync(join(`${folder}.new`, 'stray'), '');
  await replaceFolder(folder, write('whole'));
  expect(existsSync(join(folder, 'stray'))).toBe(false);
});
