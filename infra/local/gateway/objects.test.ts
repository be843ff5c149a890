import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileStore } from '../../clients/file-store.ts';
import { localSigner } from '../../clients/local-signer.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { Route } from './gateway.ts';
import { objectsRoute } from './objects.ts';
import { type Rig, startRig } from './testing/rig.ts';

const store = openFileStore(temporaryFolder());
let rig: Rig;
let now = new Date();
let [begun, failed] = [0, 0];
const signer = localSigner(Buffer.from('0123456789abcdef'), { now: () => now });
const key = 'projects/lab/runs/r/samples/000000001-1/ema set.png';
const bytes = Buffer.from('a picture');
const sha256 = createHash('sha256').update(bytes).digest('hex');

beforeEach(async () => {
  now = new Date();
  [begun, failed] = [0, 0];
  const route = objectsRoute({ store, signer, now: () => now });
  const counted: Route = async (...request) => {
    begun += 1;
    return route(...request).catch((error) => {
      failed += 1;
      throw error;
    });
  };
  rig = await startRig({ store, routes: [counted] });
});
afterEach(() => rig.close());

const put = (url: string, body: Uint8Array) => fetch(url, { method: 'PUT', body });

test('a signed link reads the object, cacheable for as long as it lives', async () => {
  await store.put(key, bytes);
  const { url, expiresAt } = await signer.read(key, rig.gateway.url);
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  expect(response.headers.get('content-type')).toBe('image/png');
  const seconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1000);
  expect(response.headers.get('cache-control')).toBe(`private, max-age=${seconds}, immutable`);

  const etag = response.headers.get('etag') ?? '';
  const again = await fetch(url, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '9', etag]);
});

test('a link that is changed, expired, for another method or to nothing is refused with a sentence', async () => {
  const { url } = await signer.read(key, rig.gateway.url);
  expect((await fetch(url.replace('ema', 'raw'))).status).toBe(403);
  expect((await put(url, bytes)).status).toBe(403);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
  const missing = await signer.read('projects/lab/nothing.png', rig.gateway.url);
  for (const method of ['GET', 'HEAD']) expect((await fetch(missing.url, { method })).status).toBe(404);
  now = new Date(now.getTime() + 3 * 3_600_000);
  const expired = await fetch(url);
  expect(expired.status).toBe(403);
  expect(await expired.json()).toEqual({ message: 'The link has expired. Ask the API for a new one.' });
});

test('a signed upload writes exactly what was announced', async () => {
  const target = 'projects/lab/uploads/u/file';
  const { url } = await signer.write(target, { bytes: bytes.length, sha256 }, rig.gateway.url);
  expect((await put(url, Buffer.from('short'))).status).toBe(400);
  expect((await put(url, Buffer.from('too long a body'))).status).toBe(413);
  expect((await put(url, Buffer.from('A PICTURE'))).status).toBe(400);
  expect(await store.get(target)).toBeNull();
  expect((await put(url, bytes)).status).toBe(200);
  expect(Buffer.from((await store.get(target))?.body ?? [])).toEqual(bytes);
});

test('an upload that does not say its length is judged by what comes, in however many pieces', async () => {
  const target = 'projects/lab/uploads/streamed/file';
  const { url } = await signer.write(target, { bytes: bytes.length, sha256 }, rig.gateway.url);
  const stream = (...pieces: readonly string[]) => {
    const body = ReadableStream.from(pieces.map((piece) => Buffer.from(piece)));
    return fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
  };
  expect((await stream('a pic', 'ture', '!')).status).toBe(413);
  const short = await stream('a p', 'ic');
  expect([short.status, await short.json()]).toEqual([400, { message: 'The body has 5 bytes, 9 were announced.' }]);
  expect(await store.get(target)).toBeNull();
  expect((await stream('a ', 'pict', 'ure')).status).toBe(200);
  expect(Buffer.from((await store.get(target))?.body ?? [])).toEqual(bytes);
});

test('an upload that breaks off leaves nothing behind', async () => {
  const target = 'projects/lab/uploads/broken/file';
  const { url } = await signer.write(target, { bytes: bytes.length, sha256 }, rig.gateway.url);
  const { port, pathname, search, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes.length}\r\n\r\na p`);
  await expect.poll(() => begun).toBe(1);
  socket.destroy();
  await expect.poll(() => failed).toBe(1);
  expect(await store.get(target)).toBeNull();
  expect(rig.warnings).toEqual([]);
});
