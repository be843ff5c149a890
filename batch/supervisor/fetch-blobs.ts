/** Fetches the blobs of a checkpoint by its manifest; knows not whose it is. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import type { CheckpointManifest } from '../protocol.ts';
import { fetchVerified } from './fetch-verified.ts';

/** Puts all blobs into an existing folder; false where one is gone or other than its manifest says. @throws StorageError */
export async function fetchBlobs(
  store: ObjectStore,
  prefix: string,
  manifest: CheckpointManifest,
  folder: string,
): Promise<boolean> {
  for (const { name, sha256 } of manifest.blobs) {
    const bytes = await fetchVerified(store, `${prefix}${name}`, sha256);
    if (!bytes) return false;
    await writeFile(join(folder, basename(name)), bytes);
  }
  return true;
}
