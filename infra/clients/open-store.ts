/** Opens the store that an environment names; the only place that knows the names of these variables. */
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from './file-store.ts';
import { openS3Store } from './s3-store.ts';

export interface OpenStoreOptions {
  /** See `S3StoreOptions`; whoever tries again by itself wants it short. */
  readonly retryForMs?: number;
}

/**
 * Opens the folder `GANWAY_EMBEDDED_STORE`, or else the bucket `GANWAY_S3_BUCKET` in `GANWAY_S3_REGION`.
 *
 * Servers other than AWS also need `GANWAY_S3_ENDPOINT`, `GANWAY_S3_ACCESS_KEY_ID` and `GANWAY_S3_SECRET_ACCESS_KEY`;
 * on AWS the keys may be left out, the SDK then finds them as it always does. `GANWAY_S3_SESSION_TOKEN` and
 * `GANWAY_S3_PREFIX` are optional.
 *
 * @throws Error that names every variable that is missing.
 */
export function openStore(
  env: Readonly<Record<string, string | undefined>>,
  options: OpenStoreOptions = {},
): ObjectStore {
  if (env.GANWAY_EMBEDDED_STORE) return openFileStore(env.GANWAY_EMBEDDED_STORE);
  const missing: string[] = [];
  const optional = (name: string): string | undefined => env[`GANWAY_S3_${name}`] || undefined;
  const required = (name: string): string => {
    const value = optional(name);
    if (!value) missing.push(`GANWAY_S3_${name}`);
    return value ?? '';
  };
  const endpoint = optional('ENDPOINT');
  const bucket = required('BUCKET');
  const region = required('REGION');
  // Half a pair of keys is a mistake anywhere; without an endpoint none at all is fine.
  const paired = endpoint || optional('ACCESS_KEY_ID') || optional('SECRET_ACCESS_KEY') ? required : optional;
  const accessKeyId = paired('ACCESS_KEY_ID');
  const secretAccessKey = paired('SECRET_ACCESS_KEY');
  const sessionToken = optional('SESSION_TOKEN');
  const prefix = optional('PREFIX');
  if (missing.length > 0) {
    throw new Error(
      `No storage is set up: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. Set them, or GANWAY_EMBEDDED_STORE to a folder.`,
    );
  }
  return openS3Store({
    ...options,
    bucket,
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : {}),
    ...(sessionToken ? { sessionToken } : {}),
    ...(prefix ? { prefix } : {}),
  });
}
