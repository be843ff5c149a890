import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { launchToken, verifyLaunchToken } from './launch-token.ts';

const secret = new Uint8Array(32).fill(7);
const now = new Date('2026-01-01T00:00:00.000Z');
const claims = { runId: 'lab-0123456789abcdefgh', launch: 3, expiresAt: new Date('2026-01-02T00:00:00.000Z') };
const token = launchToken(secret, claims);
const invalid = { kind: 'refused', reason: 'INVALID' };

describe('the token of a launch', () => {
  it('says whose it is, to whoever has the secret', () => {
    expect(verifyLaunchToken(secret, token, now)).toEqual({ kind: 'valid', claims });
  });

  it('is good up to its expiry and no longer', () => {
    const last = new Date(claims.expiresAt.getTime() - 1);
    expect(verifyLaunchToken(secret, token, last).kind).toBe('valid');
    expect(verifyLaunchToken(secret, token, claims.expiresAt)).toEqual({ kind: 'refused', reason: 'EXPIRED' });
  });

  it('is nothing under another secret, nor when one character is another', () => {
    expect(verifyLaunchToken(new Uint8Array(32).fill(8), token, now)).toEqual(invalid);
    fc.assert(
      fc.property(fc.nat(token.length - 2), fc.constantFrom('0', '9', 'a', 'z', '.'), (at, character) => {
        const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
        if (changed !== token) expect(verifyLaunchToken(secret, changed, now)).toEqual(invalid);
      }),
    );
  });

  it('is not to be found among other texts', () => {
    for (const text of ['', '.', 'a.1.2.3', 'x'.repeat(10_000), `${token}.`, ` ${token}`]) {
      expect(verifyLaunchToken(secret, text, now)).toEqual(invalid);
    }
  });
});
