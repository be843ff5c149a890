/** The rules every object key obeys, whichever store holds it; knows no key by name. */
import { StorageError } from '../../graph/storage/ports.ts';

/** S3's own limit, in UTF-8 bytes. */
const LONGEST_KEY = 1024;

/**
 * Passes a key that every store can hold.
 *
 * @throws StorageError `REFUSED` where the key is empty, longer than 1024 bytes in UTF-8, or not well-formed Unicode.
 */
export function checkedKey(key: string): string {
  const bytes = Buffer.from(key, 'utf8');
  if (bytes.length === 0 || bytes.length > LONGEST_KEY || bytes.toString('utf8') !== key) {
    throw new StorageError(
      'REFUSED',
      `An object key has 1 to ${LONGEST_KEY} bytes of UTF-8; this one does not: ${JSON.stringify(key)}.`,
    );
  }
  return key;
}

/** A key as one character per byte, so that JavaScript's comparison of strings is S3's order of keys. */
export function byteOrder(key: string): string {
  return Buffer.from(key, 'utf8').toString('latin1');
}
