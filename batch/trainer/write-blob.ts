/** Writes large files in pieces, and says what they are by their hash; knows nothing of what is in them. */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SpooledFile } from '../protocol.ts';

/** Bytes hashed and written between two looks at the event loop. */
const CHUNK = 8 * 1024 * 1024;

/** Writes `parts` one after the other. @param name a path in the folder; folders are made where they are missing */
export async function writeBlob(folder: string, name: string, parts: readonly Uint8Array[]): Promise<SpooledFile> {
  const hash = createHash('sha256');
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    let bytes = 0;
    for (const part of parts) {
      for (let begin = 0; begin < part.byteLength; begin += CHUNK) {
        bytes += await writeChunk(file, hash, part.subarray(begin, begin + CHUNK));
      }
    }
    return { name, bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

async function writeChunk(file: Awaited<ReturnType<typeof open>>, hash: Hash, chunk: Uint8Array): Promise<number> {
  hash.update(chunk);
  for (let offset = 0; offset < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, offset);
    offset += bytesWritten;
  }
  return chunk.byteLength;
}
