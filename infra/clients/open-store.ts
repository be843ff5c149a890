/** Opens the store that an environment names; the only place that knows the names of these variables. */
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openS3Store } from './s3-store.ts';

const REQUIRED = ['GANWAY_S3_BUCKET', 'GANWAY_S3_REGION'] as const;

/**
 * Opens S3 from `GANWAY_S3_BUCKET` and `GANWAY_S3_REGION`; `GANWAY_S3_ENDPOINT`, `GANWAY_S3_PREFIX` and the pair
 * `GANWAY_S3_ACCESS_KEY_ID`, `GANWAY_S3_SECRET_ACCESS_KEY` are optional on AWS.
 *
 * @throws Error naming every variable that is missing.
 */
export function openStore(env: Readonly<Record<string, string | undefined>>): ObjectStore {
  const { GANWAY_S3_BUCKET: bucket, GANWAY_S3_REGION: region } = env;
  const { GANWAY_S3_ENDPOINT: endpoint, GANWAY_S3_PREFIX: prefix } = env;
  const { GANWAY_S3_ACCESS_KEY_ID: accessKeyId, GANWAY_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket || !region) {
    throw new Error(`missing: ${REQUIRED.filter((name) => !env[name]).join(', ')}`);
  }
  return openS3Store({
    bucket,
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(prefix ? { prefix } : {}),
    ...(accessKeyId ? { accessKeyId } : {}),
    ...(secretAccessKey ? { secretAccessKey } : {}),
  });
}
