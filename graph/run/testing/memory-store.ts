/** Object storage in memory, for tables of thousands of small worlds; held by the laws of every store; no test. */
import { createHash } from 'node:crypto';
import { byteOrder, checkedKey } from '../../../infra/clients/object-keys.ts';
import { type ObjectStore, StorageError, type StoredObject } from '../../storage/ports.ts';

export function memoryStore(): ObjectStore {
  const objects = new Map<string, StoredObject>();

  const write = (key: string, body: Uint8Array): { readonly etag: string } => {
    // As S3 has it: the same bytes, the same tag.
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    objects.set(key, { body: Uint8Array.from(body), etag });
    return { etag };
  };
  /** Calls are answered later, one after the other, as elsewhere. */
  const answer = async <T>(key: string, signal: AbortSignal | undefined, act: (key: string) => T): Promise<T> => {
    const checked = checkedKey(key);
    await Promise.resolve();
    // Whoever gives up as soon as it has asked is still heard.
    await Promise.resolve();
    if (signal?.aborted) throw new StorageError('ABORTED', 'The storage request was aborted.');
    return act(checked);
  };

  return {
    create: (key, body, { signal } = {}) =>
      answer(key, signal, (free) =>
        objects.has(free) ? { outcome: 'taken' } : { outcome: 'created', ...write(free, body) },
      ),
    replace: (key, body, etag, { signal } = {}) =>
      answer(key, signal, (held) =>
        objects.get(held)?.etag === etag ? { outcome: 'done', ...write(held, body) } : { outcome: 'stale' },
      ),
    put: (key, body, { signal } = {}) => answer(key, signal, (any) => write(any, body)),
    get: (key, { signal } = {}) =>
      answer(key, signal, (held) => {
        const object = objects.get(held);
        return object ? { ...object, body: Uint8Array.from(object.body) } : null;
      }),
    head: (key, { signal } = {}) => answer(key, signal, (held) => summary(held)),
    list: async (prefix, { startAfter = '', limit = 1000, signal } = {}) => {
      await Promise.resolve();
      if (signal?.aborted) throw new StorageError('ABORTED', 'The storage request was aborted.');
      const after = byteOrder(startAfter);
      const below = [...objects.keys()].filter((key) => key.startsWith(prefix) && byteOrder(key) > after);
      const page = below.sort((a, b) => (byteOrder(a) < byteOrder(b) ? -1 : 1)).slice(0, Math.min(limit, 1000));
      const found = page.flatMap((key) => summary(key) ?? []);
      return { objects: found, next: page.length < below.length ? (page.at(-1) ?? null) : null };
    },
    remove: (key) => answer(key, undefined, (held) => void objects.delete(held)),
  };

  function summary(key: string) {
    const object = objects.get(key);
    return object ? { key, size: object.body.length, etag: object.etag } : null;
  }
}
