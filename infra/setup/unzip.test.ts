import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { SetupError } from './setup-error.mjs';
import { unzip } from './unzip.mjs';

let folder: string;
let archive: string;
const long = Buffer.alloc(300_000, 'GAN');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ganway-unzip-'));
  archive = join(folder, 'a.zip');
  const zip = new ZipFile();
  zip.addBuffer(long, 'pkg/deflated.so', { mode: 0o100755 });
  zip.addBuffer(Buffer.from('as it is'), 'pkg/stored.txt', { compress: false });
  zip.addBuffer(Buffer.alloc(0), 'pkg/empty');
  zip.addEmptyDirectory('pkg/folder');
  zip.end();
  writeFileSync(archive, await buffer(zip.outputStream));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const into = (name: string) => join(folder, name);

test('chosen files come out as they went in, with their permissions', async () => {
  const seen: [number, number][] = [];
  const paths = await unzip(archive, into, (done, total) => seen.push([done, total]));
  expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
    'pkg/deflated.so',
    'pkg/stored.txt',
    'pkg/empty',
  ]);
  expect(readFileSync(into('pkg/deflated.so')).equals(long)).toBe(true);
  expect(readFileSync(into('pkg/stored.txt'), 'utf8')).toBe('as it is');
  expect(statSync(into('pkg/empty')).size).toBe(0);
  expect(statSync(into('pkg/deflated.so')).mode & 0o777).toBe(0o755);
  expect(seen.at(-1)).toEqual([long.length + 8, long.length + 8]);
});

test('what is not chosen stays inside', async () => {
  expect(await unzip(archive, (name) => (name.endsWith('.txt') ? into(name) : null))).toEqual([into('pkg/stored.txt')]);
});

test('an archive cut short is refused', async () => {
  writeFileSync(archive, readFileSync(archive).subarray(0, 500));
  await expect(unzip(archive, into)).rejects.toThrow(SetupError);
});
