import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../test/fault-proxy.ts';
import { objectStoreCases } from '../test/objectstore.cases.ts';
import { openS3Store } from './s3-store.ts';

const s3 = inject('s3');
const prefix = `s3-store-${Date.now()}/`;
const bytes = (text: string): Uint8Array => Buffer.from(text);

test('says where it looked and what to do when nobody answers', async () => {
  const endpoint = 'http://127.0.0.1:9';
  const store = openS3Store({
    endpoint,
    region: 'x',
    bucket: 'b',
    accessKeyId: 'a',
    secretAccessKey: 's',
    retryForMs: 100,
  });
  await expect(store.get('key')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringMatching(/127\.0\.0\.1:9.*bucket "b".*ECONNREFUSED.*Check that it runs/),
    cause: expect.anything(),
  });
});

// Without a server there is nothing to hold to the laws; the set-up of the tests says so.
if (s3) {
  objectStoreCases('MinIO', async () => ({ store: openS3Store(s3), prefix }));
  objectStoreCases('MinIO, with a prefix of its own', async () => ({
    store: openS3Store({ ...s3, prefix: `${prefix}nested ü/` }),
    prefix: '',
  }));

  describe('over a bad line', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await startFaultProxy(s3.endpoint);
    });
    afterAll(() => proxy.close());

    objectStoreCases('MinIO, every third reply lost', async () => {
      proxy.onRequest((_, count) => (count % 3 === 0 ? 'lose' : null));
      return { store: openS3Store({ ...s3, endpoint: proxy.url }), prefix: `${prefix}lossy/` };
    });
  });

  describe('a single fault', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await startFaultProxy(s3.endpoint);
    });
    afterAll(() => proxy.close());
    const timeouts = { connectMs: 1000, idleMs: 300 };
    const open = (retryForMs = 15_000) => openS3Store({ ...s3, endpoint: proxy.url, timeouts, retryForMs });

    test('a missing object is missing, too, where the server calls it forbidden', async () => {
      const key = `${prefix}fault/forbidden`;
      await openS3Store(s3).put(`${key}/below`, bytes('1'));
      const forbids = (method: string) =>
        proxy.onRequest(({ method: asked, url = '' }) => (asked === method && !url.includes('list-type') ? 403 : null));
      forbids('GET');
      expect(await open(0).get(key)).toBeNull();
      forbids('HEAD');
      expect(await open(0).head(key)).toBeNull();
      await openS3Store(s3).put(key, bytes('1'));
      await expect(open(0).head(key)).rejects.toMatchObject({ code: 'REFUSED' });
    });

    test('a lost reply to a create or a replace is found to be ours', async () => {
      const key = `${prefix}fault/mine`;
      proxy.onRequest((_, count) => (count === 1 ? 'lose' : null));
      const made = await open().create(key, bytes('1'));
      expect(made).toMatchObject({ outcome: 'mine', etag: expect.any(String) });
      if (made.outcome === 'taken') return;
      proxy.onRequest((_, count) => (count === 1 ? 'lose' : null));
      const replaced = await open().replace(key, bytes('2'), made.etag);
      expect(replaced).toMatchObject({ outcome: 'mine', etag: (await open().head(key))?.etag });
    });

    test('a lost reply to a create that had failed stays a failure', async () => {
      const key = `${prefix}fault/theirs`;
      await openS3Store(s3).create(key, bytes('theirs'));
      proxy.onRequest((_, count) => (count === 1 ? 'lose' : null));
      expect(await open().create(key, bytes('ours'))).toEqual({ outcome: 'taken' });
    });

    test.each([409, 429, 500, 503])('status %i is tried again', async (status) => {
      const key = `${prefix}fault/${status}`;
      proxy.onRequest((_, count) => (count <= 2 ? status : null));
      expect(await open().create(key, bytes('1'))).toMatchObject({ outcome: 'created' });
      proxy.onRequest((_, count) => (count <= 2 ? status : null));
      expect((await open().get(key))?.body).toHaveLength(1);
    });

    test('a reply cut in the middle is read again', async () => {
      const key = `${prefix}fault/cut`;
      await openS3Store(s3).put(key, new Uint8Array(100_000).fill(7));
      proxy.onRequest((_, count) => (count === 1 ? 'truncate' : null));
      expect((await open().get(key))?.body).toEqual(new Uint8Array(100_000).fill(7));
    });

    test('a server that says nothing does not hang the caller', async () => {
      const key = `${prefix}fault/stall`;
      proxy.onRequest((_, count) => (count === 1 ? 'stall' : null));
      expect(await open().create(key, bytes('1'))).toMatchObject({ outcome: 'created' });
      proxy.onRequest(() => 'stall');
      await expect(open(0).get(key)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    });

    test('trying again ends with the time given for it', async () => {
      let asked = 0;
      proxy.onRequest(() => {
        asked++;
        return 503;
      });
      const began = performance.now();
      await expect(open(400).get(`${prefix}fault/down`)).rejects.toMatchObject({ code: 'UNREACHABLE' });
      expect(performance.now() - began).toBeLessThan(2000);
      expect(asked).toBeGreaterThan(1);
    });

    test('an abort ends the pauses between tries', async () => {
      const controller = new AbortController();
      proxy.onRequest((_, count) => {
        if (count === 3) controller.abort();
        return 503;
      });
      const { signal } = controller;
      await expect(open(60_000).get(`${prefix}fault/down`, { signal })).rejects.toMatchObject({ code: 'ABORTED' });
    });

    test('wrong credentials, a missing bucket and a full disk are said at once', async () => {
      const wrong = openS3Store({ ...s3, secretAccessKey: 'wrong-secret' });
      await expect(wrong.get('key')).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringMatching(/credentials/),
      });
      const nowhere = openS3Store({ ...s3, bucket: 'no-such-bucket' });
      await expect(nowhere.get('key')).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringMatching(/NoSuchBucket/),
      });
      await expect(nowhere.create('key', bytes('1'))).rejects.toMatchObject({ code: 'REFUSED' });
      proxy.onRequest(() => 507);
      await expect(open().put(`${prefix}fault/full`, bytes('1'))).rejects.toMatchObject({ code: 'FULL' });
    });
  });
}
