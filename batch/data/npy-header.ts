/** The header of NumPy's .npy files, whatever they hold; knows no type of value and none of the values. */

export interface NpyLayout {
  /** NumPy's name of the type of a value, e.g. `<f4`. */
  readonly descr: string;
  /** Whether the first axis runs fastest, not the last. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first value. */
  readonly dataOffset: number;
}

export const NPY_MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** Bytes of the length of a header, by the version of the format (numpy.lib.format). */
const LENGTH_BYTES: Readonly<Record<number, 2 | 4>> = { 1: 2, 2: 4, 3: 4 };

/** Reads the header of versions 1 to 3 from the first bytes of a file. Throws where there is none, or one of records. */
export function parseNpyLayout(bytes: Uint8Array): NpyLayout {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = buffer[NPY_MAGIC.length] ?? 0;
  const lengthBytes = LENGTH_BYTES[version];
  const begin = NPY_MAGIC.length + 2;
  if (!buffer.subarray(0, NPY_MAGIC.length).equals(NPY_MAGIC)) throw new Error('Not a .npy file.');
  if (lengthBytes === undefined) throw new Error(`Not a .npy file of version 1, 2 or 3, but of version ${version}.`);
  if (buffer.length < begin + lengthBytes) throw new Error('A .npy file that ends within its header.');
  const dataOffset = begin + lengthBytes + buffer.readUIntLE(begin, lengthBytes);
  if (buffer.length < dataOffset) throw new Error('A .npy file that ends within its header.');
  const text = buffer.toString('utf8', begin + lengthBytes, dataOffset);
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]+)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw new Error(`Unsupported .npy header ${JSON.stringify(text.trim())}: expected numbers of one type.`);
  }
  const sizes = shape.split(',').filter((part) => part.trim() !== '');
  return { descr, fortranOrder: order === 'True', shape: sizes.map(Number), dataOffset };
}
