/** Reads what went wrong from an error of the AWS SDK; knows no operation and retries nothing. */
import { StorageError } from '../../graph/storage/ports.ts';
import { codeOf, statusOf } from './error-code.ts';

/** Client-side errors that no retry mends: there are no credentials, or the SDK was misused. */
const HOPELESS = new Set([
  'LaunchRefused',
  'CredentialsProviderError',
  'TypeError',
  'RangeError',
  'InvalidBucketName',
  'ERR_INVALID_URL',
]);

/**
 * Whether the machine's clock is off and the SDK has just learnt by how much: the next request is signed with the
 * right time.
 */
function clockWasSet(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'clockSkewCorrected' in metadata;
}

/** What to do about a failed request. */
export type Verdict = 'retry' | 'full' | 'refused';

/**
 * Whether another try may help.
 *
 * No reply at all, 409 (a concurrent conditional write), 408, 429 and 5xx are worth a retry; so is S3's
 * `RequestTimeout`, which comes as a 400, and a refusal that was due to the machine's clock.
 */
export function verdictOf(error: unknown): Verdict {
  const status = statusOf(error);
  const code = codeOf(error);
  if (status === 507 || code === 'XMinioStorageFull' || code === 'XMinioAdminBucketQuotaExceeded') return 'full';
  if (status === undefined || status < 300) return HOPELESS.has(code) ? 'refused' : 'retry';
  if (status === 408 || status === 409 || status === 429 || status >= 500) return 'retry';
  return code === 'RequestTimeout' || clockWasSet(error) ? 'retry' : 'refused';
}

/** The error that a caller of the store sees, with a message that says what to do. */
export function storageError(error: unknown, verdict: Verdict, where: string): StorageError {
  const detail = error instanceof Error && error.message ? `${codeOf(error)}: ${error.message}` : codeOf(error);
  switch (verdict) {
    case 'full':
      return new StorageError('FULL', `${where} is full (${detail}). Free some space and try again.`, { cause: error });
    case 'refused':
      return new StorageError('REFUSED', `${where} refuses (${detail}). Check bucket, region and credentials.`, {
        cause: error,
      });
    case 'retry':
      return new StorageError(
        'UNREACHABLE',
        `${where} does not answer (${detail}). Check that it runs and is reachable.`,
        {
          cause: error,
        },
      );
  }
}
