/** A file of an upload, wherever it lies: on disk or in an archive. Its path is a name for people, never a place to write. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { formatBytes, Unusable } from './limits.ts';

export interface Entry {
  /** Path inside the upload, separated by `/`. */
  readonly path: string;
  /** Unpacked size as the container states it. */
  readonly bytes: number;
  /** Where the file lies on disk as it is, or null inside an archive. */
  readonly file: string | null;
  /** Throws {@link Unusable} where the container cannot give the file out. */
  open(): Promise<Readable>;
}

export interface Listing {
  /** Sorted by path, in the order of code units. */
  readonly entries: readonly Entry[];
  close(): Promise<void>;
}

/** An entry for a file on disk. */
export function diskEntry(path: string, file: string, bytes: number): Entry {
  return { path, bytes, file, open: async () => createReadStream(file) };
}

/** Sorts by code units, so that the order is the same on every machine. */
export function sortEntries(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** All bytes of an entry. Throws {@link Unusable} where it has more than `limit`, or is broken. */
export async function readEntry(entry: Entry, limit: number): Promise<Buffer> {
  if (entry.bytes > limit) throw tooLarge(entry.bytes, limit);
  const stream = await entry.open();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limit) throw tooLarge(length, limit);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Unusable) throw cause;
    throw new Unusable(`It cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
  return Buffer.concat(chunks, length);
}

/** The sentence for a file beyond its limit. */
export function tooLarge(bytes: number, limit: number): Unusable {
  return new Unusable(`It is larger than the limit of ${formatBytes(limit)} (${formatBytes(bytes)}).`);
}

/** What operating systems leave behind, and what users hide: never images that were meant. */
export function isHidden(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.some((part) => part.startsWith('.') || part === '__MACOSX') ||
    /^(thumbs\.db|desktop\.ini)$/i.test(parts.at(-1) ?? '')
  );
}
