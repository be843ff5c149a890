/** One object as one file: its bytes and then a footer with their etag; knows no keys and no folders. */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { StoredObject } from '../../graph/storage/ports.ts';

/**
 * The etag stands behind the bytes rather than in front, so that pictures and texts in the folder can still be looked
 * at, and in the file rather than beside it, so that both change in one rename.
 */
const MARK = '\n#ganway ';
const ETAG_LENGTH = 32;
const FOOTER_LENGTH = MARK.length + ETAG_LENGTH;

/** Hash of the bytes in hexadecimal; like most of S3's etags it says nothing about who wrote them. */
export function etagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, ETAG_LENGTH);
}

function etagInFooter(footer: Buffer): string | null {
  const text = footer.toString('latin1');
  return text.length === FOOTER_LENGTH && text.startsWith(MARK) ? text.slice(MARK.length) : null;
}

/** Writes a new file and returns when its bytes have reached the disk. */
export async function writeObject(path: string, body: Uint8Array, etag: string, signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(body, signal ? { signal } : {});
    await file.appendFile(MARK + etag, signal ? { signal } : {});
    await file.datasync();
  } finally {
    await file.close();
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Null where there is no file, or one that is none of ours. */
export async function readObject(path: string, signal?: AbortSignal): Promise<StoredObject | null> {
  const bytes = await readFile(path, signal ? { signal } : {}).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!bytes) return null;
  const end = Math.max(0, bytes.byteLength - FOOTER_LENGTH);
  const etag = etagInFooter(bytes.subarray(end));
  return etag === null ? null : { body: bytes.subarray(0, end), etag };
}

/** Size in bytes and etag, without reading the body; null as in {@link readObject}. */
export async function readSummary(path: string): Promise<{ readonly size: number; readonly etag: string } | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { size } = await file.stat();
    const end = Math.max(0, size - FOOTER_LENGTH);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FOOTER_LENGTH), 0, FOOTER_LENGTH, end);
    const etag = etagInFooter(buffer.subarray(0, bytesRead));
    return etag === null ? null : { size: end, etag };
  } finally {
    await file.close();
  }
}
