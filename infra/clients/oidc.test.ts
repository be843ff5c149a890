import { createPublicKey } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IssuerUnreachable, openOidc } from './oidc.ts';
import { AUDIENCE, DISCOVERY, type Issuer, KEYS, startIssuer } from './testing/issuer.ts';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(() => issuer.close());

const open = (more: { readonly now?: () => Date; readonly cooldownMs?: number; readonly issuer?: string } = {}) =>
  openOidc({ issuer: issuer.url, audience: AUDIENCE, ...more });
const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;

describe('a token of the issuer', () => {
  it('says who it is, what people call them and when it ends', async () => {
    const exp = seconds(300);
    expect(await open()(await issuer.token({ exp }))).toEqual({
      ...{ subject: 'ada', name: 'Ada Lovelace', expiresAt: new Date(exp * 1000) },
    });
    const verify = open();
    expect((await verify(await issuer.token({ name: undefined, email: 'ada@example.org' })))?.name).toBe(
      'ada@example.org',
    );
    expect((await verify(await issuer.token({ name: 7 })))?.name).toBeNull();
    expect(await verify(await issuer.token({ aud: ['another', AUDIENCE] }))).not.toBeNull();
  });

  it('costs two requests once, and none after that', async () => {
    const verify = open();
    for (let time = 0; time < 3; time += 1) expect(await verify(await issuer.token())).not.toBeNull();
    expect(issuer.asked).toEqual([DISCOVERY, KEYS]);
  });

  it('is good by a clock that is up to half a minute off', async () => {
    const verify = open();
    expect(await verify(await issuer.token({ exp: seconds(-20) }))).not.toBeNull();
    expect(await verify(await issuer.token({ exp: seconds(-40) }))).toBeNull();
    expect(await verify(await issuer.token({ nbf: seconds(20) }))).not.toBeNull();
    expect(await verify(await issuer.token({ nbf: seconds(40) }))).toBeNull();
    const later = open({ now: () => new Date(Date.now() + 3_600_000) });
    expect(await later(await issuer.token())).toBeNull();
  });
});

describe('what proves nothing is', () => {
  const usual = () => ({ iss: issuer.url, aud: AUDIENCE, sub: 'ada', exp: seconds(300) });
  const published = () => {
    const [key] = issuer.published;
    if (key === undefined) throw new Error('no key');
    return key;
  };
  const otherKey = async (kid: string | undefined) => {
    const { privateKey } = await generateKeyPair('ES256');
    return new SignJWT(usual()).setProtectedHeader({ alg: 'ES256', ...(kid && { kid }) }).sign(privateKey);
  };
  /** Signed with what everybody knows, as if it were a secret. */
  const confused = async (secret: Uint8Array) =>
    new SignJWT(usual()).setProtectedHeader({ alg: 'HS256', kid: published().kid ?? '' }).sign(secret);
  const cut = async (change: (parts: string[]) => string[]) => change((await issuer.token()).split('.')).join('.');

  it.each<[string, () => Promise<string>]>([
    ['one that has ended', () => issuer.token({ exp: seconds(-60) })],
    ['one without an end', () => issuer.token({ exp: undefined })],
    ['one without a subject', () => issuer.token({ sub: undefined })],
    ['one with an empty subject', () => issuer.token({ sub: '' })],
    ['one for somebody else', () => issuer.token({ aud: 'another' })],
    ['one for nobody', () => issuer.token({ aud: undefined })],
    ['one of another issuer', () => issuer.token({ iss: 'https://example.org' })],
    ['one of an issuer with a slash more', () => issuer.token({ iss: `${issuer.url}/` })],
    ['one that nobody has signed', async () => new UnsecuredJWT(usual()).encode()],
    ['one signed by a key of somebody else', () => otherKey('key-of-mine')],
    ['one signed by another key under the name of a real one', () => otherKey(published().kid)],
    ['one signed by another key without a name', () => otherKey(undefined)],
    [
      'one whose secret is the public key, as PEM',
      async () => {
        const key = await importJWK(published(), 'ES256');
        return confused(Buffer.from(await exportSPKI(key as never)));
      },
    ],
    ['one whose secret is the public key, as JWK', () => confused(Buffer.from(JSON.stringify(published())))],
    [
      'one whose secret is the public key, as DER',
      () =>
        confused(createPublicKey({ key: published() as never, format: 'jwk' }).export({ type: 'spki', format: 'der' })),
    ],
    [
      'one that brings its own key',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('ES256');
        const jwk = (await exportJWK(publicKey)) as JWK;
        return new SignJWT(usual()).setProtectedHeader({ alg: 'ES256', jwk }).sign(privateKey);
      },
    ],
    [
      'one whose claims were changed',
      () =>
        cut(([head = '', , signature = '']) => [
          ...[head, Buffer.from(JSON.stringify({ ...usual(), sub: 'eve' })).toString('base64url'), signature],
        ]),
    ],
    ['one without its signature', () => cut(([head = '', body = '']) => [head, body, ''])],
    ['a text', async () => 'nonsense'],
    ['nothing', async () => ''],
  ])('%s', async (_what, make) => {
    const verify = open({ cooldownMs: 0 });
    expect(await verify(await issuer.token())).not.toBeNull();
    expect(await verify(await make())).toBeNull();
  });
});

describe('the keys of the issuer', () => {
  it('may change: a token of a new one is good as soon as it is shown, one of an old one no longer than that', async () => {
    const verify = open({ cooldownMs: 0 });
    const old = await issuer.token();
    expect(await verify(old)).not.toBeNull();
    await issuer.rotate();
    expect(await verify(await issuer.token())).not.toBeNull();
    expect(await verify(old)).not.toBeNull();
    await issuer.rotate({ forget: true });
    expect(await verify(await issuer.token())).not.toBeNull();
    expect(await verify(old)).toBeNull();
  });

  it('are not asked for at every token of an unknown one', async () => {
    const verify = open();
    expect(await verify(await issuer.token())).not.toBeNull();
    await issuer.rotate();
    for (let time = 0; time < 5; time += 1) expect(await verify(await issuer.token())).toBeNull();
    expect(issuer.asked).toEqual([DISCOVERY, KEYS]);
  });

  it.each<[string, string, (issuer: Issuer) => string | null]>([
    ['the issuer answers with an error', DISCOVERY, () => null],
    ['what it says is no JSON', DISCOVERY, () => '<html>'],
    ['it speaks for another', DISCOVERY, ({ url }) => JSON.stringify({ issuer: 'https://x', jwks_uri: url + KEYS })],
    ['it says not where its keys are', DISCOVERY, ({ url }) => JSON.stringify({ issuer: url })],
    [
      'its keys are nowhere it may send one',
      DISCOVERY,
      ({ url }) => JSON.stringify({ issuer: url, jwks_uri: 'ftp://x' }),
    ],
    ['the keys are answered with an error', KEYS, () => null],
    ['the keys are no JSON', KEYS, () => '<html>'],
    ['the keys are none', KEYS, () => '{"keys":7}'],
  ])('cannot be had where %s, which is no verdict on the token', async (_why, path, body) => {
    const verify = open();
    const text = body(issuer);
    issuer.instead.set(path, (response) => response.writeHead(text === null ? 500 : 200).end(text ?? ''));
    await expect(verify(await issuer.token())).rejects.toThrow(IssuerUnreachable);
    issuer.instead.clear();
    expect(await verify(await issuer.token())).not.toBeNull();
  });

  it('cannot be had where nobody listens', async () => {
    const token = await issuer.token();
    const { url } = issuer;
    await issuer.close();
    const verify = openOidc({ issuer: url, audience: AUDIENCE });
    for (let time = 0; time < 2; time += 1) await expect(verify(token)).rejects.toThrow(IssuerUnreachable);
  });
});
