/** Reads objects whose bytes are known by hash. */
import { sha256 } from '../../graph/storage/json.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';

/** The bytes of an object; null where it is gone or other than its hash says. @throws StorageError */
export async function fetchVerified(store: ObjectStore, key: string, hash: string): Promise<Buffer | null> {
  const object = await store.get(key);
  if (object === null || sha256(object.body) !== hash) return null;
  return Buffer.from(object.body.buffer, object.body.byteOffset, object.body.byteLength);
}
