/** Arrays of numbers from .npy files, as NumPy saves them; knows no metric. */
import { readFile } from 'node:fs/promises';
import { parseNpyLayout } from '../data/npy-header.ts';
import { MetricError } from './errors.ts';

/** An array in C order. `values` are bytes where the file holds uint8, else float64. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float64Array;
}

interface ItemType {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, little: boolean) => number;
}

/** By the kind and size in NumPy's name of a type. */
const TYPES: Readonly<Record<string, ItemType>> = {
  f4: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  u2: { bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  u4: { bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  i2: { bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  i4: { bytes: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i8: { bytes: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
};

/**
 * Reads a whole file of float32, float64 or integers, of either byte order, in C or Fortran order.
 *
 * @throws MetricError NOT_FOUND, NOT_AN_ARRAY; MISFIT where a value is not finite
 */
export async function readArray(path: string): Promise<NumberArray> {
  const bytes = await readBytes(path);
  const { descr, fortranOrder, shape, dataOffset } = layoutOf(path, bytes);
  const type = TYPES[descr.slice(1)];
  if (type === undefined || !/^[<>|=]/.test(descr)) {
    const known = 'Save float32, float64, uint8 or other integers';
    throw new MetricError('NOT_AN_ARRAY', `${path} holds values of the type "${descr}". ${known}.`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const held = bytes.length - dataOffset;
  if (held !== count * type.bytes) {
    const expected = `${count * type.bytes} bytes for the shape [${shape.join(', ')}]`;
    throw new MetricError('NOT_AN_ARRAY', `${path} holds ${held} bytes of values, not the ${expected}. Save it again.`);
  }
  const values = descr.endsWith('u1')
    ? Uint8Array.from(bytes.subarray(dataOffset))
    : decode(bytes.subarray(dataOffset), count, type, descr[0] !== '>');
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const where = `${path} holds ${values[wrong]} as value number ${wrong}`;
    throw new MetricError('MISFIT', `${where}. A metric needs finite numbers: leave such samples out.`);
  }
  return { shape, values: fortranOrder ? toCOrder(values, shape) : values };
}

/** @throws MetricError NOT_FOUND; NOT_AN_ARRAY where the path is no file that can be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new MetricError('NOT_FOUND', `There is no file ${path}.`, { cause });
    throw new MetricError('NOT_AN_ARRAY', `${path} cannot be read: ${message}.`, { cause });
  }
}

function layoutOf(path: string, bytes: Uint8Array) {
  try {
    return parseNpyLayout(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MetricError('NOT_AN_ARRAY', `${path} is not an array that NumPy saved: ${why}`, { cause });
  }
}

function decode(bytes: Uint8Array, count: number, type: ItemType, little: boolean): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) values[index] = type.read(view, index * type.bytes, little);
  return values;
}

/** The values of an array whose first axis runs fastest, so that its last one does. */
function toCOrder<Values extends Uint8Array | Float64Array>(values: Values, shape: readonly number[]): Values {
  const ordered = values.slice() as Values;
  const indices = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let target = 0, source = 0; target < values.length; target++) {
    ordered[target] = values[source] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [index = 0, size = 1, stride = 1] = [indices[axis], shape[axis], strides[axis]];
      indices[axis] = (index + 1) % size;
      source += stride;
      if (index + 1 < size) break;
      source -= stride * size;
    }
  }
  return ordered;
}
