/** Data sets on this machine's disk, by digest: there whole and verified, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DatasetManifest, parseManifest } from '../../graph/spec/dataset.ts';
import type { PinnedDataset } from '../../graph/spec/spec.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { withLock } from '../../infra/process/with-lock.ts';
import { fetchVerified } from './fetch-verified.ts';
import { PrepareFailure } from './prepare-failure.ts';

const MANIFEST = 'manifest.json';

/**
 * Folder with the manifest and the shards of a data set, from the cache where they are intact, else from storage.
 *
 * @param signal aborted: another run that is at it is no longer waited for
 * @throws PrepareFailure where storage does not hold what the spec pins; StorageError
 */
export async function cachedDataset(
  store: ObjectStore,
  cacheDir: string,
  dataset: PinnedDataset,
  signal?: AbortSignal,
): Promise<string> {
  const root = join(cacheDir, 'datasets');
  const folder = join(root, dataset.digest);
  if (await isIntact(folder, dataset.digest)) return folder;
  await mkdir(root, { recursive: true });
  // Only one of the runs on this machine replaces it: another could take away what the first has just put there.
  return withLock(join(root, `${dataset.digest}.lock`), { scratch: root, signal }, async () => {
    if (await isIntact(folder, dataset.digest)) return folder;
    const part = await mkdtemp(join(root, '.part-'));
    try {
      await download(store, dataset, part);
      await rm(folder, { recursive: true, force: true });
      await rename(part, folder);
      return folder;
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  });
}

/** Files of a data set with their hashes. */
function filesOf(manifest: DatasetManifest): { readonly name: string; readonly hash: string }[] {
  return manifest.shards.flatMap(({ images, sha256: hash, labels, labelsSha256 }) => [
    { name: images, hash },
    ...(labels !== undefined && labelsSha256 !== undefined ? [{ name: labels, hash: labelsSha256 }] : []),
  ]);
}

async function download(store: ObjectStore, dataset: PinnedDataset, into: string): Promise<void> {
  const source = keys.dataset(dataset.id);
  const bytes = await fetchVerified(store, `${source}${MANIFEST}`, dataset.digest);
  if (!bytes)
    throw new PrepareFailure('BAD_SPEC', `The data set ${dataset.id} is gone, or not the one that was pinned.`);
  for (const { name, hash } of filesOf(parseManifest(JSON.parse(bytes.toString('utf8'))))) {
    const shard = await fetchVerified(store, `${source}${name}`, hash);
    if (!shard)
      throw new PrepareFailure('BAD_SPEC', `The shard ${name} of the data set ${dataset.id} is missing or damaged.`);
    await writeFile(join(into, name), shard);
  }
  await writeFile(join(into, MANIFEST), bytes);
}

async function isIntact(folder: string, digest: string): Promise<boolean> {
  try {
    const manifest = await readFile(join(folder, MANIFEST));
    if (sha256(manifest) !== digest) return false;
    for (const { name, hash } of filesOf(parseManifest(JSON.parse(manifest.toString('utf8'))))) {
      if ((await hashFile(join(folder, name))) !== hash) return false;
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
