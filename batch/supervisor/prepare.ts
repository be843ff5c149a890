/** Fills the work folder of an attempt with everything its trainer reads; the only part of an attempt that waits for downloads. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpecFile } from '../../graph/spec/spec.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { type Start, WORK } from '../protocol.ts';
import { cachedDataset } from './dataset-cache.ts';
import { fetchVerified } from './fetch-verified.ts';
import { type Patience, patiently } from './patience.ts';
import { fetchPinnedCheckpoint } from './pinned-checkpoint.ts';
import { PrepareFailure } from './prepare-failure.ts';

export interface Prepared {
  readonly store: ObjectStore;
  readonly cacheDir: string;
  /** Absolute; the checkpoint's blobs are in it already. */
  readonly work: string;
  readonly file: SpecFile;
  readonly start: Start;
}

/** @throws PrepareFailure where storage does not hold what the spec names; StorageError after `giveUp` */
export async function prepareWork({ store, cacheDir, work, file, start }: Prepared, patience: Patience): Promise<void> {
  const { spec } = file;
  await mkdir(join(work, WORK.spool), { recursive: true });
  switch (spec.task) {
    case 'TRAIN': {
      const folder = await patiently(() => cachedDataset(store, cacheDir, spec.dataset, patience.giveUp), patience);
      await symlink(folder, join(work, WORK.dataset));
      const { startFrom } = spec;
      // A run that has a checkpoint of its own needs no other any more.
      if (startFrom && !start.resumeFrom) {
        await patiently(() => fetchPinnedCheckpoint(store, startFrom, join(work, WORK.source)), patience);
      }
      break;
    }
    case 'IMPORT':
      await mkdir(join(work, WORK.uploads), { recursive: true });
      for (const { id, name, key, sha256 } of spec.uploads) {
        const bytes = await patiently(() => fetchVerified(store, key, sha256), patience);
        if (!bytes)
          throw new PrepareFailure('IMPORT_FAILED', `The upload of ${name} is missing or not what was announced.`);
        await writeFile(join(work, WORK.uploads, id), bytes);
      }
      break;
    case 'EXPORT':
      await patiently(() => fetchPinnedCheckpoint(store, spec.checkpoint, join(work, WORK.source)), patience);
      break;
  }
  await writeFile(join(work, WORK.spec), JSON.stringify(file));
  await writeFile(join(work, WORK.start), JSON.stringify(start));
}
