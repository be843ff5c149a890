/** What an ELF file says that it needs of other files; resolves nothing. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface Elf {
  /** Program that loads it; null for libraries. */
  readonly interpreter: string | null;
  /** Names of the libraries that are loaded with it. */
  readonly needed: readonly string[];
  /** Folders that are searched for them first, `$ORIGIN` included as it is. */
  readonly searched: readonly string[];
}

/** Of the ELF-64 Object File Format and the System V ABI, "Program Header" and "Dynamic Section". */
const PT = { load: 1, dynamic: 2, interpreter: 3 } as const;
const DT = { needed: 1, stringTable: 5, rpath: 15, runpath: 29 } as const;

const PIECE = 4096;

/** Reads the headers of a file. Null where it is no 64-bit little-endian ELF file with a dynamic section. */
export function readElf(path: string): Elf | null {
  const file = openSync(path, 'r');
  const bytes = (offset: number, length: number): Buffer => {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  };
  try {
    const header = bytes(0, 64);
    if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) return null;
    const [offset, size, count] = [number(header, 32), header.readUInt16LE(54), header.readUInt16LE(56)];
    const segments = Array.from({ length: count }, (_, index) => segmentOf(bytes(offset + index * size, size)));
    const dynamic = segments.find(({ type }) => type === PT.dynamic);
    if (!dynamic) return null;
    const entries = entriesOf(bytes(dynamic.offset, dynamic.bytes));
    const address = entries.find(({ tag }) => tag === DT.stringTable)?.value;
    const home = segments.find(
      ({ type, address: start, bytes: extent }) =>
        type === PT.load && address !== undefined && address >= start && address < start + extent,
    );
    if (address === undefined || !home) return null;
    const strings = home.offset + address - home.address;
    const textsOf = (wanted: number): string[] =>
      entries.filter(({ tag }) => tag === wanted).map(({ value }) => textAt(bytes, strings + value));
    const interpreter = segments.find(({ type }) => type === PT.interpreter);
    const paths = textsOf(DT.runpath);
    return {
      interpreter: interpreter ? textAt(bytes, interpreter.offset) : null,
      needed: textsOf(DT.needed),
      searched: (paths.length > 0 ? paths : textsOf(DT.rpath)).flatMap((path) => path.split(':')).filter(Boolean),
    };
  } finally {
    closeSync(file);
  }
}

const number = (buffer: Buffer, offset: number): number => Number(buffer.readBigUInt64LE(offset));

function segmentOf(header: Buffer) {
  return {
    type: header.readUInt32LE(0),
    offset: number(header, 8),
    address: number(header, 16),
    bytes: number(header, 32),
  };
}

function entriesOf(section: Buffer): { readonly tag: number; readonly value: number }[] {
  return Array.from({ length: Math.floor(section.length / 16) }, (_, index) => ({
    tag: number(section, 16 * index),
    value: number(section, 16 * index + 8),
  }));
}

/** The text from an offset to its NUL, by pieces: the table that it is in may have a hundred megabytes. */
function textAt(bytes: (offset: number, length: number) => Buffer, offset: number): string {
  const piece = bytes(offset, PIECE);
  const end = piece.indexOf(0);
  return end < 0 && piece.length === PIECE
    ? piece.toString('latin1') + textAt(bytes, offset + PIECE)
    : piece.toString('latin1', 0, end < 0 ? piece.length : end);
}
