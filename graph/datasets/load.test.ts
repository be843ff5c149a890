import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../infra/clients/open-store.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import type { DatasetManifest } from '../spec/dataset.ts';
import { encodeJson, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { knownDatasetIds, listDatasets, loadDataset } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganway-datasets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const g = { store: openStore({ GANWAY_EMBEDDED_STORE: folder }) } as Ganway;
const viewer: Viewer = { id: 'ada', name: 'Ada', projects: [{ id: 'lab', name: 'Lab', role: 'ADMIN' }] };

const manifest = (id: string): DatasetManifest => ({
  ...{ v: 1, id, name: id, images: 1, width: 8, height: 8, channels: 1, classes: [], bytes: 64, shards: [] },
  source: { kind: 'mnist', skipped: [], skippedTotal: 0 },
});
const own = ['lab-a-000001', 'lab-b-000002', 'lab-b-000003', 'lab-c-000004'];
const ids = ['digits', 'emoji', ...own];

beforeAll(async () => {
  for (const id of [...ids, 'other-a-000001']) await g.store.put(keys.datasetManifest(id), encodeJson(manifest(id)));
  // An import that is under way, and folders in the wrong place.
  await g.store.put(`${keys.dataset('lab-b-unready')}images-00000.npy`, new Uint8Array(1));
  for (const key of [
    `${keys.datasets('lab')}digits/manifest.json`,
    `${keys.sharedDatasets}lab-a-000001/manifest.json`,
  ]) {
    await g.store.put(key, encodeJson(manifest('digits')));
  }
});

const list = async (first: number, after: string | null) => {
  const { datasets, hasNext } = await listDatasets(g, viewer, { projectId: 'lab', first, after });
  return { ids: datasets.map((dataset) => dataset.manifest.id), hasNext };
};

describe('the list of data sets', () => {
  it('is the built-in ones and then the project’s own, each once, in pages of any length', async () => {
    for (const first of [1, 2, 3, 6, 100]) {
      const found: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const page = await list(first, after);
        found.push(...page.ids);
        after = page.ids.at(-1) ?? after;
        more = page.hasNext;
      }
      expect(found).toEqual(ids);
    }
  });

  it('goes on where a data set would be that is gone, and does not begin again', async () => {
    expect(await list(2, 'lab-b-000002x')).toEqual({ ids: ['lab-b-000003', 'lab-c-000004'], hasNext: false });
    expect(await list(1, 'dragons')).toEqual({ ids: ['emoji'], hasNext: true });
    expect(await list(10, 'zebras')).toEqual({ ids: own, hasNext: false });
    expect(await list(10, 'lab-z-999999')).toEqual({ ids: [], hasNext: false });
  });
});

describe('a data set', () => {
  it('comes with the hash of its manifest’s bytes', async () => {
    const loaded = await loadDataset(g, viewer, 'digits');
    const object = await g.store.get(keys.datasetManifest('digits'));
    expect(loaded).toEqual({ manifest: manifest('digits'), digest: sha256(object?.body ?? '') });
  });

  it('of another project, of no shape or not there is none', async () => {
    for (const id of [
      'other-a-000001',
      'nothing',
      'lab-nothing-000000',
      '',
      '../digits',
      'Lab-a',
      'lab-a/b',
      'lab-b-unready',
    ]) {
      expect([id, await loadDataset(g, viewer, id)]).toEqual([id, null]);
    }
  });

  it('is among the known ones where the viewer may use it', async () => {
    expect(await knownDatasetIds(g, viewer)).toEqual(expect.arrayContaining(ids));
    expect(await knownDatasetIds(g, viewer)).not.toContain('other-a-000001');
  });
});
