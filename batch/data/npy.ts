/** NumPy's .npy files of version 1.0 with unsigned integers, written as a stream; knows nothing of images or data sets. */
import { type FileHandle, open } from 'node:fs/promises';
import { NPY_MAGIC, parseNpyLayout } from './npy-header.ts';

/** `|u1`: uint8. `<u2`: uint16, little-endian. */
export type NpyDtype = '|u1' | '<u2';

export interface NpyHeader {
  readonly dtype: NpyDtype;
  /** C order, the last axis runs fastest. */
  readonly shape: readonly number[];
  /** Bytes before the first value; a multiple of 64. */
  readonly dataOffset: number;
}

export const ITEM_BYTES: Readonly<Record<NpyDtype, number>> = { '|u1': 1, '<u2': 2 };

const MAGIC = Buffer.concat([NPY_MAGIC, Buffer.of(1, 0)]);
const FIXED_BYTES = MAGIC.length + 2;
const ALIGNMENT = 64;

/**
 * The bytes before the values, padded with spaces to a multiple of 64 as the format asks for
 * (numpy.lib.format, version 1.0).
 */
export function npyHeader(dtype: NpyDtype, shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const total = Math.ceil((FIXED_BYTES + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(total, ' ');
  MAGIC.copy(header);
  header.writeUInt16LE(total - FIXED_BYTES, MAGIC.length);
  header.write(dictionary, FIXED_BYTES, 'latin1');
  header.write('\n', total - 1, 'latin1');
  return header;
}

/** Reads a header from the first bytes of a file. Throws where they are none, or one that {@link npyHeader} does not write. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const { descr, fortranOrder, shape, dataOffset } = parseNpyLayout(bytes);
  if (fortranOrder || (descr !== '|u1' && descr !== '<u2')) {
    const order = fortranOrder ? 'Fortran' : 'C';
    throw new Error(`Unsupported .npy file of "${descr}" in ${order} order: expected uint8 or uint16 in C order.`);
  }
  return { dtype: descr, shape, dataOffset };
}

/** The header of a file on disk. Throws where the file is no such .npy or cannot be read. */
export async function readNpyHeader(path: string): Promise<NpyHeader> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return parseNpyHeader(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

export interface Npy extends NpyHeader {
  /** The values; uint16 where the dtype is `<u2`. */
  readonly data: Uint8Array | Uint16Array;
}

/** A whole small file, for tests and tools. Throws where its length does not fit its shape. */
export async function readNpy(path: string): Promise<Npy> {
  const file = await open(path, 'r');
  try {
    const bytes = await file.readFile();
    const header = parseNpyHeader(bytes);
    const body = Uint8Array.from(bytes.subarray(header.dataOffset));
    const expected = header.shape.reduce((product, size) => product * size, ITEM_BYTES[header.dtype]);
    if (body.length !== expected) throw new Error(`${path} holds ${body.length} bytes of data, not ${expected}.`);
    return { ...header, data: header.dtype === '<u2' ? new Uint16Array(body.buffer) : body };
  } finally {
    await file.close();
  }
}

/** Writes all of a buffer at the handle's position; a short write is continued. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}
