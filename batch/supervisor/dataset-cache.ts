/** Data sets on this machine's disk, by digest: there whole and verified, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DatasetManifest, parseManifest } from '../../graph/spec/dataset.ts';
import type { PinnedDataset } from '../../graph/spec/spec.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { fetchVerified, sha256Of } from './fetch-verified.ts';
import { PrepareFailure } from './prepare-failure.ts';

const MANIFEST = 'manifest.json';

/**
 * Folder with the manifest and the shards of a data set, from the cache where they are intact, else from storage.
 *
 * @throws PrepareFailure where storage does not hold what the spec pins; StorageError
 */
export async function cachedDataset(store: ObjectStore, cacheDir: string, dataset: PinnedDataset): Promise<string> {
  const root = join(cacheDir, 'datasets');
  const folder = join(root, dataset.digest);
  if (await isIntact(folder, dataset.digest)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const part = await mkdtemp(join(root, '.part-'));
  try {
    await download(store, dataset, part);
    await rename(part, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Another run on this machine was quicker with the same data set.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return folder;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Files of a data set with their hashes. */
function filesOf(manifest: DatasetManifest): { readonly name: string; readonly sha256: string }[] {
  return manifest.shards.flatMap(({ images, sha256, labels, labelsSha256 }) => [
    { name: images, sha256 },
    ...(labels !== undefined && labelsSha256 !== undefined ? [{ name: labels, sha256: labelsSha256 }] : []),
  ]);
}

async function download(store: ObjectStore, dataset: PinnedDataset, into: string): Promise<void> {
  const source = keys.dataset(dataset.id);
  const bytes = await fetchVerified(store, `${source}${MANIFEST}`, dataset.digest);
  if (!bytes)
    throw new PrepareFailure('BAD_SPEC', `The data set ${dataset.id} is gone, or not the one that was pinned.`);
  for (const { name, sha256 } of filesOf(parseManifest(JSON.parse(bytes.toString('utf8'))))) {
    const shard = await fetchVerified(store, `${source}${name}`, sha256);
    if (!shard)
      throw new PrepareFailure('BAD_SPEC', `The shard ${name} of the data set ${dataset.id} is missing or damaged.`);
    await writeFile(join(into, name), shard);
  }
  await writeFile(join(into, MANIFEST), bytes);
}

async function isIntact(folder: string, digest: string): Promise<boolean> {
  try {
    const manifest = await readFile(join(folder, MANIFEST));
    if (sha256Of(manifest) !== digest) return false;
    for (const { name, sha256 } of filesOf(parseManifest(JSON.parse(manifest.toString('utf8'))))) {
      if ((await hashFile(join(folder, name))) !== sha256) return false;
    }
    return true;
  } catch {
    return false;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
