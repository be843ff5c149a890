/**
 * Named arrays in one file, in the safetensors format (https://github.com/huggingface/safetensors): a header length,
 * a JSON header, the bytes; knows nothing of what the arrays mean.
 */
import type { TensorValue, ValueType } from '../engine/session.ts';

const NAMES: Readonly<Record<ValueType, string>> = {
  float64: 'F64',
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};
const TYPES = new Map(Object.entries(NAMES).map(([dtype, name]) => [name, dtype as ValueType]));
const ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Readonly<Record<ValueType, unknown>>;
const sizeOf = (dtype: ValueType): number => ARRAYS[dtype].BYTES_PER_ELEMENT;
/** The reference reader refuses longer ones. */
const MAX_HEADER = 100_000_000;

/** A file that is not what its format demands: cut off, damaged, or of another kind. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/**
 * Parts of the file, in order, to be written one after the other; the arrays are not copied. Equal tensors make equal
 * bytes: wider types come first and names are in order, so that every array is aligned to its own size.
 *
 * @param metadata what the file says of itself
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorValue>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array[] {
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) => sizeOf(b.dtype) - sizeOf(a.dtype) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  );
  const header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    header[name] = { dtype: NAMES[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const json = Buffer.from(JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...header }));
  const padded = Math.ceil(json.length / 8) * 8;
  const head = Buffer.alloc(8 + padded, ' ');
  head.writeBigUInt64LE(BigInt(padded));
  json.copy(head, 8);
  return [head, ...parts];
}

/**
 * The arrays of a file. They are copies: `bytes` may be changed or dropped afterwards.
 *
 * @throws SafetensorsError where the file is damaged or holds a type that Ganway does not know.
 */
export function decodeSafetensors(bytes: Uint8Array): Map<string, TensorValue> {
  if (bytes.byteLength < 8) throw new SafetensorsError('The file is too short for a safetensors header.');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.byteLength) {
    throw new SafetensorsError('The file ends inside its safetensors header.');
  }
  const header = parseHeader(Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString('utf8'));
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, TensorValue>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, tensorOf(name, entry, data));
  }
  return tensors;
}

function parseHeader(text: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch (cause) {
    throw new SafetensorsError('The safetensors header is not JSON.', { cause });
  }
  throw new SafetensorsError('The safetensors header is not an object.');
}

function tensorOf(name: string, entry: unknown, data: Uint8Array): TensorValue {
  const { dtype: typeName, shape, data_offsets: range } = (entry ?? {}) as Record<string, unknown>;
  const dtype = TYPES.get(String(typeName));
  if (dtype === undefined) throw new SafetensorsError(`${name} has the unknown type ${String(typeName)}.`);
  if (!isNumbers(shape) || !isNumbers(range)) throw new SafetensorsError(`${name} has no shape or no place.`);
  const [begin = 0, end = 0] = range;
  const expected = shape.reduce((product, size) => product * size, 1) * sizeOf(dtype);
  if (begin < 0 || end > data.byteLength || end - begin !== expected) {
    throw new SafetensorsError(
      `${name} should take ${expected} bytes, but lies at ${begin} to ${end} of ${data.byteLength}.`,
    );
  }
  return { dtype, shape, data: new ARRAYS[dtype](new Uint8Array(data.subarray(begin, end)).buffer) };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
}
