import { describe, expect, it } from 'vitest';
import type { TensorValue } from '../engine/session.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';

const tensors = new Map<string, TensorValue>([
  ['mask', { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['generator/dense/w', { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0.1, -0, NaN, Infinity, 1e-45, 3) }],
  ['steps', { dtype: 'int32', shape: [], data: Int32Array.of(-7) }],
  ['empty', { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) }],
]);
const bitsOf = (tensor: TensorValue | undefined): Buffer | null =>
  tensor ? Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength) : null;
const file = (entries: ReadonlyMap<string, TensorValue>): Buffer => Buffer.concat(encodeSafetensors(entries));

describe('safetensors', () => {
  it('gives back every array, bit for bit', () => {
    const read = decodeSafetensors(file(tensors));
    expect([...read.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, tensor] of tensors) {
      expect(read.get(name)).toMatchObject({ dtype: tensor.dtype, shape: tensor.shape });
      expect(bitsOf(read.get(name))).toEqual(bitsOf(tensor));
    }
  });

  it('makes the same bytes whatever the order of insertion', () => {
    expect(file(new Map([...tensors].reverse()))).toEqual(file(tensors));
  });

  it('lays the file out as the format says', () => {
    const bytes = file(new Map([['a', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }]]));
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(
      bytes
        .subarray(8, 8 + length)
        .toString()
        .trimEnd(),
    ).toBe('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
    expect(bytes.subarray(8 + length)).toEqual(Buffer.from([0, 0, 0x80, 0x3f]));
  });

  it('refuses a file that is cut off anywhere', () => {
    const bytes = file(tensors);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(SafetensorsError);
    }
  });

  it('reads from the middle of a larger buffer', () => {
    const bytes = file(tensors);
    const around = Buffer.concat([Buffer.of(1, 2, 3), bytes]);
    expect(decodeSafetensors(around.subarray(3)).get('steps')?.data).toEqual(Int32Array.of(-7));
  });
});
