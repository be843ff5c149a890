/** Opens the store that an environment or its settings name; knows no variable. */
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from './file-store.ts';
import { openS3Store } from './s3-store.ts';
import { readStorage, type StorageSettings } from './storage-settings.ts';

export interface OpenStoreOptions {
  /** See `S3StoreOptions`; whoever tries again by itself wants it short. */
  readonly retryForMs?: number;
}

/**
 * Opens what {@link readStorage} finds.
 *
 * @throws Error that names every variable that is missing.
 */
export function openStore(
  env: Readonly<Record<string, string | undefined>>,
  options: OpenStoreOptions = {},
): ObjectStore {
  const reading = readStorage(env);
  if (reading.kind === 'read') return openStoreOf(reading.settings, options);
  const { missing } = reading;
  throw new Error(
    `No storage is set up: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. Set them, or GANWAY_EMBEDDED_STORE to a folder.`,
  );
}

export function openStoreOf(settings: StorageSettings, options: OpenStoreOptions = {}): ObjectStore {
  return settings.kind === 'folder' ? openFileStore(settings.folder) : openS3Store({ ...options, ...settings.s3 });
}
