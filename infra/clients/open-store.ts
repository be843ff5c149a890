/** Opens the store that an environment or its settings name; knows no variable. */
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from './file-store.ts';
import { type LaunchRefused, launchCredentials } from './launch-credentials.ts';
import { openS3Store } from './s3-store.ts';
import { readStorage, type StorageSettings } from './storage-settings.ts';

export interface OpenStoreOptions {
  /** See `S3StoreOptions`; whoever tries again by itself wants it short. */
  readonly retryForMs?: number;
  /** Told when the launch that the store is opened for gets no credentials any more. */
  readonly onRefused?: (error: LaunchRefused) => void;
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
  if (settings.kind === 'folder') return openFileStore(settings.folder);
  const { onRefused, ...retry } = options;
  const { s3, launch } = settings;
  const credentials = launch && launchCredentials({ ...launch, onRefused });
  return openS3Store({ ...retry, ...s3, ...(credentials && { credentials }) });
}
