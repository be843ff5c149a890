import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import yauzl, { type ZipFile } from 'yauzl';
import { pack } from './pack.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ganway-pack-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function photos(): string {
  const folder = join(newFolder(), 'photos');
  mkdirSync(join(folder, 'cats'), { recursive: true });
  writeFileSync(join(folder, 'cats/b.png'), 'b');
  writeFileSync(join(folder, 'cats/größe 😀.png'), 'a');
  writeFileSync(join(folder, 'z.png'), 'z');
  return folder;
}

async function namesIn(file: string): Promise<string[]> {
  const zip = await promisify<string, { lazyEntries: boolean }, ZipFile>(yauzl.open as never)(file, {
    lazyEntries: false,
  });
  const names: string[] = [];
  zip.on('entry', (entry) => names.push(entry.fileName));
  await new Promise((resolve) => zip.once('close', resolve));
  return names;
}

it('takes a file as it is', async () => {
  const file = join(photos(), 'z.png');
  const packed = await pack(file);
  await packed.dispose();
  expect(packed).toMatchObject({ file, name: 'z.png', bytes: 1, leftOut: [] });
  expect(packed.sha256).toBe(createHash('sha256').update('z').digest('hex'));
  expect(existsSync(file)).toBe(true);
});

it('makes a zip of a folder, equal for equal folders, and removes it afterwards', async () => {
  const folders = [photos(), photos()];
  utimesSync(join(folders[1] ?? '', 'z.png'), 1, 1);
  const [first, second] = await Promise.all(folders.map(pack));
  expect(first?.name).toBe('photos.zip');
  expect(second?.sha256).toBe(first?.sha256);
  expect(
    createHash('sha256')
      .update(readFileSync(first?.file ?? ''))
      .digest('hex'),
  ).toBe(first?.sha256);
  expect(await namesIn(first?.file ?? '')).toEqual(['cats/b.png', 'cats/größe 😀.png', 'z.png']);
  for (const packed of [first, second]) {
    await packed?.dispose();
    expect(existsSync(packed?.file ?? '')).toBe(false);
  }
});

it('follows links to files and says which it left out', async () => {
  const folder = photos();
  symlinkSync(join(folder, 'z.png'), join(folder, 'cats/link.png'));
  symlinkSync(folder, join(folder, 'cats/loop'));
  symlinkSync(join(folder, 'nothing'), join(folder, 'gone.png'));
  const packed = await pack(folder);
  expect(await namesIn(packed.file)).toContain('cats/link.png');
  expect(packed.leftOut).toEqual([
    { name: 'cats/loop', reason: 'It is a link to a folder.' },
    { name: 'gone.png', reason: 'It is a link to nothing.' },
  ]);
  await packed.dispose();
});

it('fails where there is nothing', async () => {
  await expect(pack(join(newFolder(), 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
