import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from '../../infra/clients/file-store.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { openDataset } from '../data/open-dataset.ts';
import { writeShards } from '../data/shards.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';
import { cachedDataset } from './dataset-cache.ts';

const home = temporaryFolder();
let gets = 0;
const real = openFileStore(join(home, 'store'));
const store: ObjectStore = {
  ...real,
  get: (key, options) => {
    gets++;
    return real.get(key, options);
  },
};
let dataset = tinyTrainSpec().dataset;

beforeAll(async () => {
  const shape = { images: 64, width: 16, height: 16, channels: 1 } as const;
  const source = { kind: 'test', skipped: [], skippedTotal: 0 };
  const folder = join(home, 'dataset');
  const writer = await writeShards({ folder, id: 'tiny', name: 'tiny', ...shape, classes: [], source });
  for (let i = 0; i < 64; i++) await writer.add(new Uint8Array(256).fill(i), 0);
  dataset = { ...dataset, digest: (await writer.finish()).digest };
  for (const name of readdirSync(folder)) {
    await store.put(`${keys.dataset('tiny')}${name}`, readFileSync(join(folder, name)));
  }
});

describe('data sets on this disk', () => {
  it('are fetched once', async () => {
    const cache = temporaryFolder();
    const folder = await cachedDataset(store, cache, dataset);
    await openDataset(folder, dataset);
    gets = 0;
    expect(await cachedDataset(store, cache, dataset)).toBe(folder);
    expect(gets).toBe(0);
  });

  it('are replaced once where they are damaged, however many runs notice', async () => {
    const cache = temporaryFolder();
    const folder = await cachedDataset(store, cache, dataset);
    const files = readdirSync(folder).length;
    const shard = readdirSync(folder).find((name) => name.endsWith('.npy')) ?? '';
    writeFileSync(join(folder, shard), 'damaged');
    gets = 0;
    const found = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const path = await cachedDataset(store, cache, dataset);
        // As its trainer does, while others may still be at it.
        return (await openDataset(path, dataset)).digest;
      }),
    );
    expect(new Set(found)).toEqual(new Set([dataset.digest]));
    expect(gets).toBe(files);
    expect(readdirSync(join(cache, 'datasets'))).toEqual([dataset.digest]);
  });
});
