/** Makes the S3 client that store and presigner share; sends nothing itself. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { ExpiringCredentials } from './credentials.ts';
import { httpOptions, type Timeouts } from './http-options.ts';

export interface S3Options {
  /** URL of an S3-compatible server; left out for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** Both keys or neither; without them the SDK looks where it always does (environment, profile, role). */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** Where keys that end are had, in place of those above. */
  readonly credentials?: () => Promise<ExpiringCredentials>;
  /** Default: 2 s to connect, 30 s without a byte. */
  readonly timeouts?: Timeouts;
}

/**
 * An S3 client that sends every request exactly once.
 *
 * The SDK's retries are off because they would hide a lost reply from the caller. Other servers than AWS are addressed
 * by path and without the SDK's default checksums, which many of them do not know.
 */
export function s3Client(options: S3Options, overrides: S3ClientConfig = {}): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken, credentials } = options;
  const { timeouts = { connectMs: 2000, idleMs: 30_000 } } = options;
  return new S3Client({
    region,
    maxAttempts: 1,
    // Keep-alive sockets are not used for requests that wait for "100 Continue".
    expectContinueHeader: false,
    requestHandler: httpOptions(timeouts),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
    ...(credentials ? { credentials } : {}),
    ...(endpoint
      ? {
          endpoint,
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }
      : {}),
    ...overrides,
  });
}
