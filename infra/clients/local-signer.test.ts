import { expect, test } from 'vitest';
import { localSigner } from './local-signer.ts';

const secret = Buffer.from('0123456789abcdef');
const origin = 'http://127.0.0.1:4000';
const now = new Date('2026-03-01T12:34:56Z');
const signer = localSigner(secret, { now: () => now });
const upload = { bytes: 10, sha256: 'ab'.repeat(32) };
const invalid = { kind: 'refused', reason: 'INVALID' };

/** The same link with one part of its query or path changed. */
function altered(url: string, change: (url: URL) => void): URL {
  const copy = new URL(url);
  change(copy);
  return copy;
}

test('a link to read is granted for its key until it expires', async () => {
  const key = 'projects/p/a b/ü%2F+?#&.png';
  const { url, expiresAt } = await signer.read(key, origin);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4000\/objects\/projects\/p\//);
  expect(expiresAt).toEqual(new Date('2026-03-01T14:00:00Z'));
  expect(signer.verifyRead(new URL(url), now)).toEqual({ kind: 'granted', key, expiresAt });
  expect(signer.verifyRead(new URL(url), new Date(expiresAt.getTime() - 1))).toMatchObject({ kind: 'granted' });
  expect(signer.verifyRead(new URL(url), expiresAt)).toEqual({ kind: 'refused', reason: 'EXPIRED' });
});

test('the same link is made for an hour, and another one after it', async () => {
  const at = (time: string) => localSigner(secret, { now: () => new Date(time) }).read('key', origin);
  expect(await at('2026-03-01T12:00:00Z')).toEqual(await at('2026-03-01T12:59:59.999Z'));
  expect(await at('2026-03-01T13:00:00Z')).not.toEqual(await at('2026-03-01T12:59:59.999Z'));
});

test('an origin plays no part: a tunnel or a container may see another one', async () => {
  const { url } = await signer.read('key', 'https://tunnel.example');
  expect(signer.verifyRead(new URL(url.replace('https://tunnel.example', origin)), now)).toMatchObject({
    kind: 'granted',
  });
});

test('a link that was changed, or signed by another secret, is invalid', async () => {
  const { url } = await signer.read('folder/key', origin);
  const changes: ((url: URL) => void)[] = [
    (copy) => copy.searchParams.set('expires', '9999999999'),
    (copy) => copy.searchParams.delete('expires'),
    (copy) => copy.searchParams.set('signature', 'x'),
    (copy) => copy.searchParams.delete('signature'),
    (copy) => {
      copy.pathname = '/objects/folder/other';
    },
    (copy) => {
      copy.pathname = '/objects/folder%2';
    },
    (copy) => {
      copy.pathname = '/elsewhere/folder/key';
    },
  ];
  for (const change of changes) expect(signer.verifyRead(altered(url, change), now)).toEqual(invalid);
  const stranger = localSigner(Buffer.from('another 16 bytes'));
  expect(stranger.verifyRead(new URL(url), now)).toEqual(invalid);
});

test('a link to write grants one key, size and hash', async () => {
  const { url, expiresAt, headers } = await signer.write('uploads/u', upload, origin);
  expect(headers).toEqual([{ name: 'content-length', value: '10' }]);
  expect(signer.verifyWrite(new URL(url), now)).toEqual({ kind: 'granted', key: 'uploads/u', expiresAt, ...upload });
  expect(signer.verifyWrite(new URL(url), expiresAt)).toEqual({ kind: 'refused', reason: 'EXPIRED' });
  for (const [name, value] of [
    ['bytes', '11'],
    ['bytes', '1e1'],
    ['sha256', 'cd'.repeat(32)],
    ['expires', '9999999999'],
  ] as const) {
    expect(
      signer.verifyWrite(
        altered(url, (copy) => copy.searchParams.set(name, value)),
        now,
      ),
    ).toEqual(invalid);
  }
});

test('a link to read does not write, nor the other way round', async () => {
  const read = new URL((await signer.read('key', origin)).url);
  const write = new URL((await signer.write('key', upload, origin)).url);
  expect(signer.verifyWrite(read, now)).toEqual(invalid);
  expect(signer.verifyRead(write, now)).toEqual(invalid);
});

test('a short secret is refused', () => {
  expect(() => localSigner(new Uint8Array(8))).toThrow(/16 bytes/);
});
