/** Verifies AWS Signature Version 4 over a whole request; knows no route and no job. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from './errors.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface ReceivedRequest {
  readonly method: string;
  /** As it stood in the request line, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How far a client's clock may be off, as AWS has it. */
const CLOCK_SKEW_MS = 5 * 60_000;

const SHAPE =
  /^AWS4-HMAC-SHA256\s+Credential=([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/**
 * Makes the check of one key for a service (default `batch`) in `region`.
 *
 * @returns a function that resolves for a request of the key's holder and rejects with an AwsError for any other
 */
export function verifier(options: {
  readonly credentials: Credentials;
  readonly region: string;
  readonly now: () => number;
  readonly service?: string;
}): (request: ReceivedRequest) => Promise<void> {
  const { credentials, region, now, service: ours = 'batch' } = options;
  const signer = new SignatureV4({ credentials, region, service: ours, sha256: Sha256, applyChecksum: false });

  return async ({ method, path, query, headers, body }) => {
    const { authorization } = headers;
    if (authorization === undefined) {
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    const [, accessKeyId, day, scopeRegion, service, signedHeaders, signature] = SHAPE.exec(authorization) ?? [];
    const date = parseDate(headers['x-amz-date']);
    const names = new Set(signedHeaders?.split(';'));
    if (signature === undefined || date === null || !names.has('host') || !names.has('x-amz-date')) {
      throw new AwsError(
        'IncompleteSignatureException',
        'The Authorization header must be of AWS4-HMAC-SHA256 and sign host and x-amz-date.',
      );
    }
    if (accessKeyId !== credentials.accessKeyId) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    if (scopeRegion !== region || service !== ours || !headers['x-amz-date']?.startsWith(day ?? ' ')) {
      throw new AwsError(
        'InvalidSignatureException',
        `Credential should be scoped to ${region}/${ours} and the day signed.`,
      );
    }
    if (Math.abs(now() - date.getTime()) > CLOCK_SKEW_MS) {
      throw new AwsError(
        'InvalidSignatureException',
        `Signature expired: it is of ${date.toISOString()} and here it is ${new Date(now()).toISOString()}.`,
      );
    }
    const bodyHash = headers['x-amz-content-sha256'];
    if (bodyHash !== undefined && bodyHash !== createHash('sha256').update(body).digest('hex')) {
      throw new AwsError('InvalidSignatureException', 'x-amz-content-sha256 is not the hash of the body.');
    }
    const resigned = await signer.sign(
      {
        method,
        protocol: 'http:',
        hostname: headers.host ?? '',
        path,
        query: queryBag(query),
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name))),
        body,
      },
      { signingDate: date, signableHeaders: names },
    );
    const expected = SHAPE.exec(resigned.headers.authorization ?? '')?.at(-1) ?? '';
    if (expected.length !== signature.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) {
      throw new AwsError(
        'InvalidSignatureException',
        'The request signature we calculated does not match the signature you provided. Check your secret access key.',
      );
    }
  };
}

/** From `20250131T235959Z`. */
function parseDate(text: string | undefined): Date | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

function queryBag(query: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}
