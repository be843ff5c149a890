/** The laws of `ObjectStore` as tests, run over every implementation; knows none of them. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../graph/storage/ports.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const text = (object: { readonly body: Uint8Array } | null): string | null =>
  object && Buffer.from(object.body).toString('utf8');
const digest = (body: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(body ?? bytes('nothing'))
    .digest('hex');

/** `mine` and `created` both mean that this call has written. */
const won = ({ outcome }: { readonly outcome: string }): boolean => ['created', 'done', 'mine'].includes(outcome);

async function created(store: ObjectStore, key: string, body: Uint8Array): Promise<string> {
  const answer = await store.create(key, body);
  if (answer.outcome === 'taken') throw new Error(`${key} should have been free`);
  return answer.etag;
}

async function allKeys(store: ObjectStore, prefix: string, limit?: number): Promise<string[]> {
  const keys: string[] = [];
  let startAfter: string | undefined;
  for (;;) {
    const page = await store.list(prefix, { ...(limit ? { limit } : {}), ...(startAfter ? { startAfter } : {}) });
    keys.push(...page.objects.map(({ key }) => key));
    if (limit) expect(page.objects.length).toBeLessThanOrEqual(limit);
    if (page.next === null) return keys;
    startAfter = page.next;
  }
}

/** Writes small objects a few at a time. */
async function putAll(store: ObjectStore, keys: readonly string[]): Promise<void> {
  const waiting = [...keys];
  const worker = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await store.put(key, bytes(key));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Keys that servers, URLs, XML and file systems like to break. */
const ODD_KEYS = [
  'a b',
  'a+b',
  'a%20b',
  'a&b<c>"d\'',
  'a#b?c=d',
  'A',
  'a',
  '.hidden',
  'dots..',
  'ends-with-tilde~',
  'grün/日本/😀',
  `long-${'x'.repeat(200)}`,
  `${'deep/'.repeat(30)}leaf`,
];

/**
 * Runs the laws over one implementation.
 *
 * @param open gives a store and a prefix of keys that nobody else uses; called once, when the suite begins.
 */
export function objectStoreCases(
  name: string,
  open: () => Promise<{ readonly store: ObjectStore; readonly prefix: string }>,
): void {
  describe(`the object store: ${name}`, () => {
    let opened: ReturnType<typeof open> | undefined;
    let room = 0;
    /** The store, and a fresh folder of keys for one test. */
    const fresh = async (): Promise<{ store: ObjectStore; at: (key: string) => string }> => {
      opened ??= open();
      const { store, prefix } = await opened;
      const folder = `${prefix}${room++}/`;
      return { store, at: (key) => folder + key };
    };

    test('gives back what was created, under one etag', async () => {
      const { store, at } = await fresh();
      const etag = await created(store, at('key'), bytes('hello'));
      const object = await store.get(at('key'));
      expect(text(object)).toBe('hello');
      expect(object?.etag).toBe(etag);
      expect(await store.head(at('key'))).toEqual({ key: at('key'), size: 5, etag });
      expect((await store.list(at(''))).objects).toEqual([{ key: at('key'), size: 5, etag }]);
    });

    test('answers null for what is not there', async () => {
      const { store, at } = await fresh();
      expect(await store.get(at('key'))).toBeNull();
      expect(await store.head(at('key'))).toBeNull();
      expect(await store.list(at(''))).toEqual({ objects: [], next: null });
    });

    test('creates only where nothing is', async () => {
      const { store, at } = await fresh();
      await created(store, at('key'), bytes('first'));
      expect(await store.create(at('key'), bytes('second'))).toEqual({ outcome: 'taken' });
      expect(await store.create(at('key'), bytes('first'))).toEqual({ outcome: 'taken' });
      expect(text(await store.get(at('key')))).toBe('first');
    });

    test('lets exactly one of fifty concurrent creates win', async () => {
      const { store, at } = await fresh();
      const bodies = Array.from({ length: 50 }, (_, writer) => `writer ${writer}`);
      const answers = await Promise.all(bodies.map((body) => store.create(at('key'), bytes(body))));
      expect(answers.filter(won)).toHaveLength(1);
      expect(text(await store.get(at('key')))).toBe(bodies[answers.findIndex(won)]);
    });

    test('replaces only the version that the writer has seen', async () => {
      const { store, at } = await fresh();
      const first = await created(store, at('key'), bytes('1'));
      const second = await store.replace(at('key'), bytes('2'), first);
      expect(won(second)).toBe(true);
      expect(await store.replace(at('key'), bytes('3'), first)).toEqual({ outcome: 'stale' });
      const object = await store.get(at('key'));
      expect(text(object)).toBe('2');
      expect(second).toMatchObject({ etag: object?.etag });
    });

    test('does not bring a missing object to life by replacing it', async () => {
      const { store, at } = await fresh();
      const etag = await created(store, at('key'), bytes('1'));
      await store.remove(at('key'));
      expect(await store.replace(at('key'), bytes('2'), etag)).toEqual({ outcome: 'stale' });
      expect(await store.get(at('key'))).toBeNull();
    });

    test('lets exactly one of ten concurrent replaces win, round after round', async () => {
      const { store, at } = await fresh();
      let etag = await created(store, at('key'), bytes('start'));
      for (let round = 0; round < 5; round++) {
        const bodies = Array.from({ length: 10 }, (_, writer) => `round ${round} writer ${writer}`);
        const answers = await Promise.all(bodies.map((body) => store.replace(at('key'), bytes(body), etag)));
        expect(answers.filter(won)).toHaveLength(1);
        const object = await store.get(at('key'));
        expect(text(object)).toBe(bodies[answers.findIndex(won)]);
        etag = object?.etag ?? '';
      }
    });

    test('puts over whatever is there, and twice', async () => {
      const { store, at } = await fresh();
      await created(store, at('key'), bytes('1'));
      const { etag } = await store.put(at('key'), bytes('2'));
      expect(await store.put(at('key'), bytes('2'))).toEqual({ etag });
      expect(await store.get(at('key'))).toMatchObject({ etag });
      expect(text(await store.get(at('key')))).toBe('2');
    });

    test('removes, and does not mind where there is nothing', async () => {
      const { store, at } = await fresh();
      await created(store, at('folder/key'), bytes('1'));
      await store.remove(at('folder/key'));
      await store.remove(at('folder/key'));
      expect(await store.get(at('folder/key'))).toBeNull();
      expect((await store.list(at(''))).objects).toEqual([]);
      await created(store, at('folder/key'), bytes('2'));
    });

    test('lists in the byte order of the keys', async () => {
      const { store, at } = await fresh();
      // U+FFFD sorts behind an emoji in UTF-16 and before it in UTF-8.
      const keys = ['B', 'a-b', 'a.b', 'a/b', 'a/b-c/d', 'a/b.c', 'a/c/d/e', 'a0', 'b', 'ä', '\uFFFD', '😀'].map(at);
      await putAll(store, [...keys].reverse());
      expect(await allKeys(store, at(''))).toEqual(keys);
      expect(await allKeys(store, at('a/'))).toEqual(keys.slice(3, 7));
      expect(await allKeys(store, at('a/b'))).toEqual(keys.slice(3, 6));
      expect(await allKeys(store, at('a/b/'))).toEqual([]);
    });

    test('lists page by page without a gap or a repeat', async () => {
      const { store, at } = await fresh();
      const keys = Array.from({ length: 11 }, (_, index) => at(`${index % 2 ? 'x/' : ''}${index + 10}`)).sort();
      await putAll(store, keys);
      for (const limit of [1, 3, 11, 12]) expect(await allKeys(store, at(''), limit)).toEqual(keys);
    });

    test('goes on after any key, there or not, inside the prefix or out of it', async () => {
      const { store, at } = await fresh();
      await putAll(store, ['p/1', 'p/3', 'p/5', 'q'].map(at));
      const listAfter = async (startAfter: string): Promise<string[]> =>
        (await store.list(at('p/'), { startAfter })).objects.map(({ key }) => key);
      expect(await listAfter(at('p/1'))).toEqual([at('p/3'), at('p/5')]);
      expect(await listAfter(at('p/2'))).toEqual([at('p/3'), at('p/5')]);
      expect(await listAfter(at('p/3/x'))).toEqual([at('p/5')]);
      expect(await listAfter(at('p/5'))).toEqual([]);
      expect(await listAfter(at('a'))).toEqual([at('p/1'), at('p/3'), at('p/5')]);
      expect(await listAfter(at('q'))).toEqual([]);
    });

    test('shows at most a thousand objects a page', async () => {
      const { store, at } = await fresh();
      const keys = Array.from({ length: 1003 }, (_, index) => at(String(index).padStart(4, '0')));
      await putAll(store, keys);
      const page = await store.list(at(''), { limit: 5000 });
      expect(page.objects).toHaveLength(1000);
      expect(page.next).toBe(keys[999]);
      expect(await allKeys(store, at(''))).toEqual(keys);
    });

    test('shows in a list what had been acknowledged before, while others write', async () => {
      const { store, at } = await fresh();
      for (let round = 0; round < 10; round++) {
        const noise = putAll(store, [at(`noise/${round}`), at(`round-${round}-noise`)]);
        await created(store, at(`round-${round}`), bytes('1'));
        expect(await allKeys(store, at(`round-${round}`))).toContain(at(`round-${round}`));
        await noise;
      }
    });

    test('keeps odd keys apart and spells them right', async () => {
      const { store, at } = await fresh();
      const keys = ODD_KEYS.map(at);
      await putAll(store, keys);
      for (const key of keys) expect(text(await store.get(key))).toBe(key);
      expect((await allKeys(store, at(''))).toSorted()).toEqual(keys.toSorted());
      for (const key of keys) await store.remove(key);
      expect(await allKeys(store, at(''))).toEqual([]);
    });

    test.each([
      ['empty', ''],
      ['too long', 'x'.repeat(1025)],
      ['half a character', 'x\ud83d'],
    ])('refuses a key that is %s', async (_, key) => {
      const { store } = await fresh();
      const refused = { name: 'StorageError', code: 'REFUSED' };
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.create(key, bytes('1'))).rejects.toMatchObject(refused);
      await expect(store.remove(key)).rejects.toMatchObject(refused);
    });

    test('holds empty objects', async () => {
      const { store, at } = await fresh();
      const etag = await created(store, at('key'), new Uint8Array());
      expect(await store.head(at('key'))).toEqual({ key: at('key'), size: 0, etag });
      expect((await store.get(at('key')))?.body).toHaveLength(0);
    });

    test('holds objects of 20 MB, bit for bit', async () => {
      const { store, at } = await fresh();
      const body = randomBytes(20_000_000);
      await created(store, at('key'), body);
      expect(await store.head(at('key'))).toMatchObject({ size: body.length });
      expect(digest((await store.get(at('key')))?.body)).toBe(digest(body));
    });

    test('never shows half of an object that is being replaced', async () => {
      const { store, at } = await fresh();
      const size = 300_000;
      await store.put(at('key'), new Uint8Array(size));
      let writing = true;
      const read = async (): Promise<void> => {
        while (writing) {
          const body = (await store.get(at('key')))?.body;
          expect(body).toHaveLength(size);
          expect(new Set(body).size).toBe(1);
        }
      };
      const readers = Promise.all([read(), read()]);
      for (let value = 1; value <= 20; value++) await store.put(at('key'), new Uint8Array(size).fill(value));
      writing = false;
      await readers;
    });

    test('stops when aborted, before or in the middle', async () => {
      const { store, at } = await fresh();
      const aborted = { name: 'StorageError', code: 'ABORTED' };
      const signal = AbortSignal.abort();
      await expect(store.create(at('key'), bytes('1'), { signal })).rejects.toMatchObject(aborted);
      await expect(store.get(at('key'), { signal })).rejects.toMatchObject(aborted);
      await expect(store.list(at(''), { signal })).rejects.toMatchObject(aborted);
      expect(await store.head(at('key'))).toBeNull();

      const controller = new AbortController();
      const upload = store.put(at('key'), new Uint8Array(20_000_000), { signal: controller.signal });
      queueMicrotask(() => controller.abort());
      await expect(upload).rejects.toMatchObject(aborted);
    });
  });
}
