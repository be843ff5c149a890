/** Reads objects whose bytes are known by hash. */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../graph/storage/ports.ts';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of an object; null where it is gone or other than its hash says. @throws StorageError */
export async function fetchVerified(store: ObjectStore, key: string, sha256: string): Promise<Buffer | null> {
  const object = await store.get(key);
  if (object === null || sha256Of(object.body) !== sha256) return null;
  return Buffer.from(object.body.buffer, object.body.byteOffset, object.body.byteLength);
}
