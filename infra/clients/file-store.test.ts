import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { objectStoreCases } from '../test/objectstore.cases.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { openFileStore } from './file-store.ts';

const base = temporaryFolder();

const bytes = (text: string): Uint8Array => Buffer.from(text);

objectStoreCases('plain files', async () => ({ store: openFileStore(join(base, 'cases')), prefix: '' }));

/** Runs a script in another process with a `store` on `folder`; resolves to what it prints. */
async function elsewhere(folder: string, script: string, shell = ''): Promise<string> {
  const module = JSON.stringify(new URL('./file-store.ts', import.meta.url).href);
  const source = `import { openFileStore } from ${module}; const store = openFileStore(${JSON.stringify(folder)}); ${script}`;
  const command = `${shell} exec "$0" --import tsx --input-type=module -e "$1"`;
  const child = spawn('sh', ['-c', command, process.execPath, source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([readText(child.stdout), once(child, 'exit')]);
  return output.trim();
}

test('an object and a folder may have one name', async () => {
  const store = openFileStore(join(base, 'names'));
  for (const key of [
    'a',
    'a/b',
    'a/b/',
    'a//c',
    '/a',
    'a/../b',
    '.',
    '..',
    `${'long'.repeat(200)}/x`,
    'long'.repeat(200),
  ]) {
    expect(await store.create(key, bytes(key))).toMatchObject({ outcome: 'created' });
    expect((await store.get(key))?.body.toString()).toBe(key);
  }
  const { objects } = await store.list('');
  const order = objects.map(({ key }) => key);
  expect(order).toHaveLength(10);
  expect(order).toEqual(order.toSorted());
  await store.remove('a');
  expect(await store.head('a/b')).not.toBeNull();
});

test('of creates and replaces in several processes exactly one wins', async () => {
  const folder = join(base, 'processes');
  const store = openFileStore(folder);
  const first = await store.put('replaced', bytes('start'));
  const script = `
    const me = String(process.pid);
    const wins = [];
    for (let n = 0; n < 40; n++) wins.push((await store.create('created/' + n, Buffer.from(me))).outcome === 'created' ? 1 : 0);
    const { outcome } = await store.replace('replaced', Buffer.from(me), ${JSON.stringify(first.etag)});
    let counted = 0;
    while (counted < 20) {
      const now = await store.get('counter');
      const next = Buffer.from(String(Number(now.body.toString()) + 1));
      if ((await store.replace('counter', next, now.etag)).outcome === 'done') counted++;
    }
    console.log(JSON.stringify({ wins, outcome }));`;
  await store.put('counter', bytes('0'));
  const outputs = await Promise.all(Array.from({ length: 4 }, () => elsewhere(folder, script)));
  const answers: { wins: number[]; outcome: string }[] = outputs.map((output) => JSON.parse(output));
  for (let n = 0; n < 40; n++) expect(answers.reduce((sum, { wins }) => sum + (wins[n] ?? 0), 0)).toBe(1);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'stale', 'stale', 'stale']);
  expect((await store.get('counter'))?.body.toString()).toBe('80');
});

test('objects come and go in one folder without writers losing it under their feet', async () => {
  const store = openFileStore(join(base, 'pruning'));
  const churn = Array.from({ length: 8 }, async (_, writer) => {
    for (let round = 0; round < 20; round++) {
      const key = `deep/er/${writer}`;
      expect(await store.create(key, bytes('1'))).toMatchObject({ outcome: 'created' });
      await store.remove(key);
    }
  });
  await Promise.all(churn);
  expect(await readdir(join(base, 'pruning/objects'))).toEqual([]);
  expect(await readdir(join(base, 'pruning/scratch'))).toEqual([]);
  expect(await readdir(join(base, 'pruning/locks'))).toEqual([]);
});

test('a disk that takes no more is FULL, and nothing of the object is seen', async () => {
  const folder = join(base, 'full');
  // A limit on the size of files stands in for a full disk: both refuse the write half way.
  const script = `
    const code = await store.put('big', new Uint8Array(1_000_000)).then(() => 'written', (error) => error.code);
    console.log(code, JSON.stringify(await store.list('')));`;
  expect(await elsewhere(folder, script, 'ulimit -f 100;')).toBe('FULL {"objects":[],"next":null}');
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
});

test('a folder that cannot be made is refused with its name', async () => {
  await writeFile(join(base, 'file'), '');
  await expect(openFileStore(join(base, 'file/store')).get('a')).rejects.toMatchObject({
    name: 'StorageError',
    message: expect.stringContaining(join(base, 'file/store')),
  });
});

test('what a killed process left behind is swept, what is not ours is left alone', async () => {
  const folder = join(base, 'swept');
  await openFileStore(folder).put('folder/key', bytes('1'));
  const old = join(folder, 'scratch/old');
  await writeFile(old, 'half');
  await utimes(old, 0, 0);
  await writeFile(join(folder, 'scratch/young'), 'half');
  await writeFile(join(folder, 'objects/.DS_Store'), 'x');
  await writeFile(join(folder, 'objects/foreign'), 'no footer');
  await mkdir(join(folder, 'objects/empty~'));
  const store = openFileStore(folder);
  expect((await store.list('')).objects.map(({ key }) => key)).toEqual(['folder/key']);
  expect(await store.get('foreign')).toBeNull();
  expect(await readdir(join(folder, 'scratch'))).toEqual(['young']);
});

test('the bytes of an object come first in its file, so that other programs can read it', async () => {
  const folder = join(base, 'plain');
  await openFileStore(folder).put('samples/sheet.png', bytes('picture'));
  expect(await readFile(join(folder, 'objects/samples~/sheet.png'), 'utf8')).toMatch(/^picture\n#ganway [0-9a-f]{32}$/);
});
