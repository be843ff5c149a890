import { createHash } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { openPresigner } from './presigner.ts';
import { openS3Store } from './s3-store.ts';

const s3 = inject('s3');
const aws = { region: 'eu-central-1', bucket: 'bucket', accessKeyId: 'id', secretAccessKey: 'secret' };
const at = (time: string) => openPresigner({ ...aws, now: () => new Date(time) });

test('the same link to read is made for an hour and lives for two', async () => {
  const first = await at('2026-03-01T12:00:00Z').read('a b/ü.png', 'http://ignored');
  expect(await at('2026-03-01T12:59:59Z').read('a b/ü.png', 'http://other')).toEqual(first);
  expect(await at('2026-03-01T13:00:00Z').read('a b/ü.png', '')).not.toEqual(first);
  expect(first.expiresAt).toEqual(new Date('2026-03-01T14:00:00Z'));
  expect(new URL(first.url).host).toBe('bucket.s3.eu-central-1.amazonaws.com');
});

test('a link to write binds size and hash as headers, and no checksum of something else', async () => {
  const sha256 = createHash('sha256').update('hello').digest('hex');
  const { url, headers } = await at('2026-03-01T12:34:56Z').write('key', { bytes: 5, sha256 }, '');
  const query = new URL(url).searchParams;
  expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
  expect([...query.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  expect(headers).toEqual([
    { name: 'content-length', value: '5' },
    { name: 'x-amz-checksum-sha256', value: Buffer.from(sha256, 'hex').toString('base64') },
  ]);
});

if (s3) {
  const prefix = `presigner-${Date.now()}/`;
  const signer = openPresigner({ ...s3, prefix });
  const store = openS3Store({ ...s3, prefix });
  const put = async (key: string, promised: string, body: string) => {
    const sha256 = createHash('sha256').update(promised).digest('hex');
    const { url, headers } = await signer.write(key, { bytes: promised.length, sha256 }, '');
    const checksum = headers.filter(({ name }) => name !== 'content-length');
    return fetch(url, {
      method: 'PUT',
      body,
      headers: checksum.map(({ name, value }): [string, string] => [name, value]),
    });
  };

  test('what was put through a link is read through a link', async () => {
    expect((await put('a b/ü+%.txt', 'hello', 'hello')).status).toBe(200);
    expect(Buffer.from((await store.get('a b/ü+%.txt'))?.body ?? []).toString()).toBe('hello');
    const reply = await fetch((await signer.read('a b/ü+%.txt', '')).url);
    expect(await reply.text()).toBe('hello');
    expect(reply.headers.get('cache-control')).toBe('private, max-age=7200');
  });

  test('another size or another content than promised is turned away', async () => {
    expect((await put('longer', 'hello', 'hello!')).status).toBe(403);
    expect((await put('other', 'hello', 'hullo')).status).toBe(400);
    expect(await store.list('')).toMatchObject({ objects: [{ key: 'a b/ü+%.txt' }] });
  });
}
