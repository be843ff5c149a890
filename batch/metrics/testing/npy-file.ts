/** Writes arrays as NumPy would, for tests; knows no reader. */
import { writeFileSync } from 'node:fs';

/** Bytes of a .npy file of version 1.0 in C order: float64 of plain numbers, uint8 of bytes. */
export function npyBytes(shape: readonly number[], values: ArrayLike<number>): Buffer {
  const descr = values instanceof Uint8Array ? '|u1' : '<f8';
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((size) => `${size},`).join(' ')}), }\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  const body = values instanceof Uint8Array ? values : new Uint8Array(Float64Array.from(values).buffer);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), body]);
}

export function writeNpy(path: string, shape: readonly number[], values: ArrayLike<number>): string {
  writeFileSync(path, npyBytes(shape, values));
  return path;
}
