/** Finds where an attempt continues: the newest checkpoint of the journal whose blobs are still what its manifest says. */
import { mkdir, rm } from 'node:fs/promises';
import type { CheckpointRecord } from '../../graph/run/state.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import type { CheckpointManifest, Start } from '../protocol.ts';
import { fetchBlobs } from './fetch-blobs.ts';

/**
 * Puts the blobs of the newest intact checkpoint into a folder. Damaged ones are passed over, newest first.
 *
 * @param checkpoints not superseded, newest last
 * @returns null where there is none: the attempt starts afresh
 * @throws StorageError
 */
export async function fetchNewestCheckpoint(
  store: ObjectStore,
  runId: string,
  checkpoints: readonly CheckpointRecord[],
  folder: string,
  say: (text: string) => void,
): Promise<Start['resumeFrom']> {
  for (const { step, attempt, manifest: key } of checkpoints.toReversed()) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const manifest = await readManifest(store, key);
    if (manifest?.step === step && (await fetchBlobs(store, keys.checkpoint(runId, step, attempt), manifest, folder))) {
      return { step, manifest };
    }
    say(`the checkpoint at step ${step} of attempt ${attempt} is missing or damaged and is passed over`);
  }
  await rm(folder, { recursive: true, force: true });
  return null;
}

async function readManifest(store: ObjectStore, key: string): Promise<CheckpointManifest | null> {
  const object = await store.get(key);
  try {
    return object && (JSON.parse(Buffer.from(object.body).toString('utf8')) as CheckpointManifest);
  } catch {
    return null;
  }
}
