/** Links to objects that the local gateway serves itself, signed by a secret of its own; reads and writes no object. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UrlSigner } from '../../graph/storage/ports.ts';
import { checkedKey } from './object-keys.ts';
import { hourOf, later, READ_LIFETIME, WRITE_LIFETIME } from './signed-hours.ts';

/** Where the gateway serves signed objects. */
export const OBJECTS_PATH = '/objects/';

/** What a link allows. `EXPIRED`: it was good once. `INVALID`: this signer never made it. */
export type ReadGrant =
  | { readonly kind: 'granted'; readonly key: string; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly reason: 'EXPIRED' | 'INVALID' };

export type WriteGrant =
  /** `bytes` and `sha256` (64 hexadecimal digits) are what the body must have. */
  | (Extract<ReadGrant, { kind: 'granted' }> & { readonly bytes: number; readonly sha256: string })
  | Extract<ReadGrant, { kind: 'refused' }>;

export interface LocalSigner extends UrlSigner {
  /** Judges the URL of a GET; only its path and query count, the origin does not. */
  verifyRead(url: URL, now: Date): ReadGrant;
  /** Judges the URL of a PUT. */
  verifyWrite(url: URL, now: Date): WriteGrant;
}

const INVALID = { kind: 'refused', reason: 'INVALID' } as const;

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

function keyOf(url: URL): string | null {
  if (!url.pathname.startsWith(OBJECTS_PATH)) return null;
  try {
    return url.pathname.slice(OBJECTS_PATH.length).split('/').map(decodeURIComponent).join('/');
  } catch {
    return null;
  }
}

/** A query's number, or null where it is not spelt as this signer spells numbers. */
function numberOf(url: URL, name: string): number | null {
  const value = url.searchParams.get(name) ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/**
 * Opens a signer of links under `/objects/` on the origin that the client used.
 *
 * What is signed (HMAC-SHA256) is the method, the key, the expiry, and for a PUT size and hash of the body.
 *
 * @param secret at least 16 random bytes, the same in every process that signs or verifies.
 */
export function localSigner(
  secret: Uint8Array,
  { now = () => new Date() }: { readonly now?: () => Date } = {},
): LocalSigner {
  if (secret.byteLength < 16) throw new Error('The secret that signs links needs at least 16 bytes.');
  const sign = (...fields: readonly (string | number)[]): string =>
    createHmac('sha256', secret).update(JSON.stringify(fields)).digest('base64url');
  const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

  function isSigned(url: URL, expected: string): boolean {
    const [given, wanted] = [url.searchParams.get('signature') ?? '', expected].map((text) => Buffer.from(text));
    return (
      given !== undefined && wanted !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted)
    );
  }

  function grant(key: string, expires: number, at: Date): ReadGrant {
    if (seconds(at) >= expires) return { kind: 'refused', reason: 'EXPIRED' };
    return { kind: 'granted', key, expiresAt: new Date(expires * 1000) };
  }

  function link(origin: string, key: string, query: Record<string, string | number>): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    return `${origin}${OBJECTS_PATH}${encodeKey(checkedKey(key))}?${search}`;
  }

  return {
    async read(key, origin) {
      const expiresAt = later(hourOf(now()), READ_LIFETIME);
      const expires = seconds(expiresAt);
      return { url: link(origin, key, { expires, signature: sign('GET', key, expires) }), expiresAt };
    },

    async write(key, { bytes, sha256 }, origin) {
      const expires = seconds(later(now(), WRITE_LIFETIME));
      const signature = sign('PUT', key, expires, bytes, sha256);
      const url = link(origin, key, { expires, bytes, sha256, signature });
      const headers = [{ name: 'content-length', value: String(bytes) }];
      return { url, headers, expiresAt: new Date(expires * 1000) };
    },

    verifyRead(url, at) {
      const key = keyOf(url);
      const expires = numberOf(url, 'expires');
      if (key === null || expires === null || !isSigned(url, sign('GET', key, expires))) return INVALID;
      return grant(key, expires, at);
    },

    verifyWrite(url, at) {
      const key = keyOf(url);
      const [expires, bytes] = [numberOf(url, 'expires'), numberOf(url, 'bytes')];
      const sha256 = url.searchParams.get('sha256');
      if (key === null || expires === null || bytes === null || sha256 === null) return INVALID;
      if (!isSigned(url, sign('PUT', key, expires, bytes, sha256))) return INVALID;
      const granted = grant(key, expires, at);
      return granted.kind === 'granted' ? { ...granted, bytes, sha256 } : granted;
    },
  };
}
