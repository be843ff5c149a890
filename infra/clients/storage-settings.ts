/** Which storage an environment names; the only place that knows the names of these variables, and it opens nothing. */
import type { LaunchAccess } from './launch-credentials.ts';
import type { S3StoreOptions } from './s3-store.ts';

export type StorageSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  /** Store and presigner take them as they are. With `launch` the keys are had in exchange for its token. */
  | { readonly kind: 's3'; readonly s3: S3StoreOptions; readonly launch?: LaunchAccess };

export type StorageReading =
  | { readonly kind: 'read'; readonly settings: StorageSettings }
  /** Names of variables. */
  | { readonly kind: 'missing'; readonly missing: readonly string[] };

/**
 * Reads the folder `GANWAY_EMBEDDED_STORE`, or else the bucket `GANWAY_S3_BUCKET` in `GANWAY_S3_REGION`, by default
 * `AWS_REGION`.
 *
 * Servers other than AWS also need `GANWAY_S3_ENDPOINT`, `GANWAY_S3_ACCESS_KEY_ID` and `GANWAY_S3_SECRET_ACCESS_KEY`;
 * on AWS the keys may be left out, the SDK then finds them as it always does. `GANWAY_S3_SESSION_TOKEN` and
 * `GANWAY_S3_PREFIX` are optional. With `GANWAY_CREDENTIALS_URL` no keys are needed, but `GANWAY_LAUNCH_TOKEN`.
 */
export function readStorage(env: Readonly<Record<string, string | undefined>>): StorageReading {
  const folder = env.GANWAY_EMBEDDED_STORE?.trim();
  if (folder) return { kind: 'read', settings: { kind: 'folder', folder } };
  const missing: string[] = [];
  const optional = (name: string): string | undefined => env[`GANWAY_S3_${name}`]?.trim() || undefined;
  const required = (name: string): string => {
    const value = optional(name);
    if (!value) missing.push(`GANWAY_S3_${name}`);
    return value ?? '';
  };
  const endpoint = optional('ENDPOINT');
  const bucket = required('BUCKET');
  const region = optional('REGION') ?? env.AWS_REGION ?? required('REGION');
  const launch = launchAccess(env, missing);
  // Half a pair of keys is a mistake anywhere; without an endpoint none at all is fine.
  const paired =
    (endpoint && launch === null) || optional('ACCESS_KEY_ID') || optional('SECRET_ACCESS_KEY') ? required : optional;
  const accessKeyId = paired('ACCESS_KEY_ID');
  const secretAccessKey = paired('SECRET_ACCESS_KEY');
  const sessionToken = optional('SESSION_TOKEN');
  const prefix = optional('PREFIX');
  if (missing.length > 0) return { kind: 'missing', missing };
  const s3 = {
    bucket,
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : {}),
    ...(sessionToken ? { sessionToken } : {}),
    ...(prefix ? { prefix } : {}),
  };
  return { kind: 'read', settings: { kind: 's3', s3, ...(launch && { launch }) } };
}

function launchAccess(env: Readonly<Record<string, string | undefined>>, missing: string[]): LaunchAccess | null {
  const [url, token] = [env.GANWAY_CREDENTIALS_URL?.trim(), env.GANWAY_LAUNCH_TOKEN?.trim()];
  if (!url) return null;
  if (!token) missing.push('GANWAY_LAUNCH_TOKEN');
  return { url, token: token ?? '' };
}
