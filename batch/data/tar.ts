/** Lists a tar file on disk (POSIX.1-1988 ustar, GNU long names, pax paths) and reads its entries where they lie. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Entry, type Listing, sortEntries } from './entry.ts';
import { type ImportLimits, Unusable } from './limits.ts';

const BLOCK = 512;
/** Longest name that a header may announce. */
const NAME_BYTES = 65_536;

/** Does a file that begins with these bytes look like a tar? Needs the first 512. */
export function isTar(start: Uint8Array): boolean {
  const header = Buffer.from(start);
  return header.length >= BLOCK && header.toString('latin1', 257, 262) === 'ustar' && checksumFits(header);
}

/** The regular files of a tar. Throws {@link Unusable} where it is damaged or holds more files than the limit. */
export async function listTar(path: string, limits: ImportLimits): Promise<Listing> {
  const file = await open(path, 'r');
  try {
    return { entries: sortEntries(await walk(file, path, limits)), close: async () => {} };
  } finally {
    await file.close();
  }
}

async function walk(file: FileHandle, path: string, limits: ImportLimits): Promise<Entry[]> {
  const entries: Entry[] = [];
  let longName: string | null = null;
  for (let position = 0; ; ) {
    const header = await readAt(file, position, BLOCK);
    if (header === null || header.every((byte) => byte === 0)) return entries;
    if (!checksumFits(header)) throw new Unusable(`The tar is damaged at byte ${position}.`);
    const bytes = numberAt(header, 124, 12);
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new Unusable(`The tar is damaged at byte ${position}.`);
    const type = String.fromCharCode(header[156] ?? 0);
    const start = position + BLOCK;
    position = start + Math.ceil(bytes / BLOCK) * BLOCK;
    if (type === 'L' || type === 'x') {
      const body = bytes <= NAME_BYTES ? await readAt(file, start, bytes) : null;
      if (body === null) throw new Unusable(`The tar is damaged at byte ${start}.`);
      longName = type === 'L' ? textAt(body, 0, bytes) : (paxPath(body) ?? longName);
      continue;
    }
    const name = longName ?? shortName(header);
    longName = null;
    if ((type !== '0' && type !== '\0') || name.endsWith('/')) continue;
    if (entries.length === limits.files) throw new Unusable(`The tar holds more than ${limits.files} files.`);
    entries.push({
      path: name.replace(/^(\.\/)+/, ''),
      bytes,
      file: null,
      open: async () => slice(path, start, bytes),
    });
  }
}

function slice(path: string, start: number, bytes: number): Readable {
  return bytes === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + bytes - 1 });
}

/** Null at the end of the file, and where it ends within the block. */
async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  return bytesRead === bytes ? buffer : null;
}

function textAt(bytes: Buffer, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Octal digits, or GNU's base-256 where the first bit is set. */
function numberAt(header: Buffer, offset: number, length: number): number {
  if (((header[offset] ?? 0) & 0x80) !== 0) return header.readUIntBE(offset + length - 6, 6);
  return Number.parseInt(textAt(header, offset, length).trim() || '0', 8);
}

/** Sum of the header's bytes, its own field counted as spaces. */
function checksumFits(header: Buffer): boolean {
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum === numberAt(header, 148, 8);
}

function shortName(header: Buffer): string {
  const name = textAt(header, 0, 100);
  // Old GNU headers keep times where ustar keeps the prefix.
  const prefix = header[262] === 0 ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** `path` among pax records of the form `<length> <key>=<value>\n`. */
function paxPath(body: Buffer): string | null {
  for (let at = 0; at < body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 12), 10);
    if (!(length > 0)) return null;
    const record = body.toString('utf8', body.indexOf(' ', at) + 1, at + length - 1);
    if (record.startsWith('path=')) return record.slice('path='.length);
    at += length;
  }
  return null;
}
