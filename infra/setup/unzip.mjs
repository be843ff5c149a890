/** Takes chosen files out of a zip archive such as a Python wheel; knows stored and deflated entries below 4 GB, nothing else of the format. */
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} method          0 stored, 8 deflated
 * @property {number} compressedSize  bytes
 * @property {number} size            bytes
 * @property {number} offset          of the local header
 * @property {number} mode            Unix permissions; 0 where the archive has none
 */

/**
 * Extracts every entry for which `place` names a path.
 * Offsets are those of the zip specification (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16).
 * @param {string} archive
 * @param {(name: string) => string | null} place
 * @param {(done: number, total: number) => void} [onBytes] uncompressed bytes written so far
 * @returns {Promise<string[]>} the paths written
 */
export async function unzip(archive, place, onBytes = () => {}) {
  const file = await open(archive);
  try {
    const chosen = (await entriesOf(file, archive)).flatMap((entry) => {
      const path = entry.name.endsWith('/') ? null : place(entry.name);
      return path === null ? [] : [{ entry, path }];
    });
    const total = chosen.reduce((sum, { entry }) => sum + entry.size, 0);
    let done = 0;
    for (const { entry, path } of chosen) {
      await extract(file, archive, entry, path, (bytes) => {
        done += bytes;
        onBytes(done, total);
      });
    }
    return chosen.map(({ path }) => path);
  } finally {
    await file.close();
  }
}

/** @param {import('node:fs/promises').FileHandle} file @param {string} archive @returns {Promise<ZipEntry[]>} */
async function entriesOf(file, archive) {
  const { size } = await file.stat();
  const tail = await bytes(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new SetupError(`${archive} is not a zip archive.`);
  const directory = await bytes(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  /** @type {ZipEntry[]} */
  const entries = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  if (entries.length !== tail.readUInt16LE(end + 10)) throw new SetupError(`${archive} is cut short.`);
  return entries;
}

/** @param {import('node:fs/promises').FileHandle} file @param {string} archive @param {ZipEntry} entry @param {string} path @param {(bytes: number) => void} onBytes */
async function extract(file, archive, entry, path, onBytes) {
  mkdirSync(dirname(path), { recursive: true });
  const header = await bytes(file, entry.offset, 30);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let written = 0;
  const counter = new Transform({
    transform(chunk, _, next) {
      written += chunk.length;
      onBytes(chunk.length);
      next(null, chunk);
    },
  });
  const output = createWriteStream(path, { mode: entry.mode || 0o644 });
  if (entry.compressedSize === 0) output.end();
  else {
    const source = createReadStream(archive, { start, end: start + entry.compressedSize - 1, highWaterMark: 1 << 20 });
    if (entry.method === 8) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), counter, output);
    else await pipeline(source, counter, output);
  }
  if (written !== entry.size) throw new SetupError(`${entry.name} in ${archive} is damaged.`);
}

/** @param {import('node:fs/promises').FileHandle} file @param {number} position @param {number} length */
async function bytes(file, position, length) {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, position);
  return buffer;
}
