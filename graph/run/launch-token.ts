/** The token of a launch, which its job shows for credentials: signed facts, kept nowhere; decides nothing about the run. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a token is good, seconds: longer than a job may wait for a GPU and then train. What it opens ends with its launch. */
export const TOKEN_SECONDS = 30 * 24 * 3600;

export interface LaunchClaims {
  readonly runId: string;
  readonly launch: number;
  readonly expiresAt: Date;
}

export type TokenVerdict =
  | { readonly kind: 'valid'; readonly claims: LaunchClaims }
  /** `EXPIRED`: it was good once. `INVALID`: nobody with the secret made it. */
  | { readonly kind: 'refused'; readonly reason: 'EXPIRED' | 'INVALID' };

/** The kind goes first, so that no other message signed by the same secret is a token. HMAC-SHA256, base64url. */
function sign(secret: Uint8Array, runId: string, launch: number, expires: number): Buffer {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['launch', runId, launch, expires]))
    .digest();
}

/** Makes a token, `<run>.<launch>.<expiry in seconds>.<signature>`. The expiry is cut to whole seconds. */
export function launchToken(secret: Uint8Array, { runId, launch, expiresAt }: LaunchClaims): string {
  const expires = Math.floor(expiresAt.getTime() / 1000);
  return [runId, launch, expires, sign(secret, runId, launch, expires).toString('base64url')].join('.');
}

/** Judges a token. */
export function verifyLaunchToken(secret: Uint8Array, token: string, now: Date): TokenVerdict {
  const [, runId = '', launch = '', expires = '', signature = ''] =
    /^([^.]{1,64})\.(\d{1,9})\.(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
  const claims = { runId, launch: Number(launch), expiresAt: new Date(Number(expires) * 1000) };
  const [given, wanted] = [Buffer.from(signature, 'base64url'), sign(secret, runId, claims.launch, Number(expires))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { kind: 'refused', reason: 'INVALID' };
  return now >= claims.expiresAt ? { kind: 'refused', reason: 'EXPIRED' } : { kind: 'valid', claims };
}
