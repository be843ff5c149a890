/** Links to objects that S3 itself checks; sends no request and knows no gateway. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { UrlSigner } from '../../graph/storage/ports.ts';
import { checkedKey } from './object-keys.ts';
import { type S3Options, s3Client } from './s3-client.ts';
import { hourOf, later, READ_LIFETIME, WRITE_LIFETIME } from './signed-hours.ts';

export interface PresignerOptions extends S3Options {
  /** Put before every key, as in the store, default none. */
  readonly prefix?: string;
  /** Default the system's clock. */
  readonly now?: () => Date;
}

const CHECKSUM = 'x-amz-checksum-sha256';

/**
 * Opens a signer of S3 links; the origin that the client used plays no part in them.
 *
 * The links die with the credentials that signed them: a role's session may end before the link's own time.
 */
export function openPresigner(options: PresignerOptions): UrlSigner {
  const { bucket: Bucket, prefix = '', now = () => new Date() } = options;
  // Otherwise the SDK signs a checksum of the empty body that it has at this point.
  const client = s3Client(options, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const target = (key: string) => ({ Bucket, Key: checkedKey(prefix + checkedKey(key)) });
  return {
    async read(key) {
      const signingDate = hourOf(now());
      const ResponseCacheControl = `private, max-age=${READ_LIFETIME}`;
      const command = new GetObjectCommand({ ...target(key), ResponseCacheControl });
      const url = await getSignedUrl(client, command, { signingDate, expiresIn: READ_LIFETIME });
      return { url, expiresAt: later(signingDate, READ_LIFETIME) };
    },

    async write(key, { bytes, sha256 }) {
      const signingDate = now();
      const checksum = Buffer.from(sha256, 'hex').toString('base64');
      const command = new PutObjectCommand({ ...target(key), ContentLength: bytes, ChecksumSHA256: checksum });
      const url = await getSignedUrl(client, command, {
        signingDate,
        expiresIn: WRITE_LIFETIME,
        // A checksum in the URL binds nobody; as a header S3 compares it with what arrives.
        unhoistableHeaders: new Set([CHECKSUM]),
      });
      const headers = [
        { name: 'content-length', value: String(bytes) },
        { name: CHECKSUM, value: checksum },
      ];
      return { url, headers, expiresAt: later(signingDate, WRITE_LIFETIME) };
    },
  };
}
