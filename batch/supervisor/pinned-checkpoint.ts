/** Fetches the checkpoint of another run that a spec pins; knows not what it is needed for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedCheckpoint } from '../../graph/spec/spec.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { fetchBlobs } from './fetch-blobs.ts';
import { fetchVerified } from './fetch-verified.ts';
import { PrepareFailure } from './prepare-failure.ts';

const MANIFEST = 'manifest.json';

/**
 * Puts manifest and blobs into a folder.
 *
 * @throws PrepareFailure where one of them is gone or not what was pinned; StorageError
 */
export async function fetchPinnedCheckpoint(
  store: ObjectStore,
  { id, runId, step, attempt, digest }: PinnedCheckpoint,
  folder: string,
): Promise<void> {
  const prefix = keys.checkpoint(runId, step, attempt);
  const manifest = await fetchVerified(store, `${prefix}${MANIFEST}`, digest);
  await mkdir(folder, { recursive: true });
  if (!manifest || !(await fetchBlobs(store, prefix, JSON.parse(manifest.toString('utf8')), folder))) {
    throw new PrepareFailure('CHECKPOINT_LOST', `The checkpoint ${id} is gone or damaged. Choose another.`);
  }
  await writeFile(join(folder, MANIFEST), manifest);
}
