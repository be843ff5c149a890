/** Finds out what an uploaded file is and lists what is in it; decodes nothing. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { diskEntry, type Entry, type Listing } from './entry.ts';
import { listFolder } from './folder.ts';
import { formatBytes, type ImportLimits, isSystemError, Unusable, unpackedLimit } from './limits.ts';
import { isTar, listTar } from './tar.ts';
import { listZip } from './zip.ts';

export interface Upload {
  /** Where the file, or the folder, lies. */
  readonly path: string;
  /** What its owner called it. */
  readonly name: string;
}

export interface OpenUpload extends Listing {
  readonly kind: 'folder' | 'zip' | 'tar' | 'file';
}

/**
 * Lists an upload: a folder, a zip, a tar, a gzipped tar, or one file (gzipped or not).
 *
 * @param scratch a path of which nothing else makes use, for what has to be unpacked first
 * @throws Unusable where it cannot be read or is beyond the limits
 */
export async function openUpload(upload: Upload, scratch: string, limits: ImportLimits): Promise<OpenUpload> {
  const { path, name } = upload;
  const stats = await stat(path);
  if (stats.isDirectory()) return { kind: 'folder', ...(await listFolder(path, limits)) };
  const start = await firstBytes(path);
  if (isZip(start)) return { kind: 'zip', ...(await listZip(path, limits)) };
  if (isTar(start)) return { kind: 'tar', ...(await listTar(path, limits)) };
  if (isGzip(start)) {
    await gunzip(createReadStream(path), scratch, unpackedLimit(stats.size, limits));
    if (isTar(await firstBytes(scratch))) return { kind: 'tar', ...(await listTar(scratch, limits)) };
    return single(name.replace(/\.gz$/i, ''), scratch);
  }
  return single(name, path);
}

async function single(name: string, path: string): Promise<OpenUpload> {
  const file = name.split(/[/\\]/).at(-1) ?? name;
  return { kind: 'file', entries: [diskEntry(file, path, (await stat(path)).size)], close: async () => {} };
}

/** The first 512 bytes of a file, or all of a shorter one. */
export async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

function isZip(start: Uint8Array): boolean {
  return ['PK\x03\x04', 'PK\x05\x06'].includes(Buffer.from(start.subarray(0, 4)).toString('latin1'));
}

/** Unpacks gzip to a file. Throws {@link Unusable} where it is broken or unpacks to more than `limit` bytes. */
export async function gunzip(from: NodeJS.ReadableStream, to: string, limit: number): Promise<void> {
  try {
    await pipeline(from, createGunzip(), bounded(limit), createWriteStream(to));
  } catch (cause) {
    if (cause instanceof Unusable || isSystemError(cause)) throw cause;
    throw new Unusable('It is gzipped, but broken or cut off.', { cause });
  }
}

/** Unpacks an entry of an archive to a file. Throws {@link Unusable} where it is broken or has more than `limit` bytes. */
export async function unpack(entry: Entry, to: string, limit: number): Promise<void> {
  const from = await entry.open();
  try {
    await pipeline(from, bounded(limit), createWriteStream(to));
  } catch (cause) {
    if (cause instanceof Unusable || isSystemError(cause)) throw cause;
    throw new Unusable('It is packed, but broken or cut off.', { cause });
  }
}

/** Lets at most so many bytes through. */
function bounded(limit: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > limit) done(new Unusable(`It unpacks to more than ${formatBytes(limit)}.`));
      else done(null, chunk);
    },
  });
}

/** A path in a scratch folder for the n-th file unpacked: never a name from an archive. */
export function scratchPath(folder: string, n: number): string {
  return join(folder, `unpacked-${n}`);
}
