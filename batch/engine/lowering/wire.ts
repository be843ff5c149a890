/** How float64 enters and leaves TensorFlow: TF.js has no such type, so pairs of int32 carry it, bit for bit. */
import type { DType, TensorType } from '../program/tensor.ts';
import type { TensorValue } from '../session.ts';
import { type Emitter, type } from './emitter.ts';

/** The type of what is fed or fetched for a value of the program. */
export function wireType({ dtype, shape }: TensorType): TensorType {
  return dtype === 'float64' ? { dtype: 'int32', shape: [...shape, 2] } : { dtype, shape };
}

/** Emits the place of a value that comes from outside, and returns the reference to use; {@link fedRef} is the one to feed. */
export function emitEntry(to: Emitter, value: TensorType): string {
  const wire = wireType(value);
  const attributes = { dtype: type(wire.dtype), shape: { shape: wire.shape } };
  if (wire.dtype === value.dtype) return to.op('Placeholder', [], attributes);
  return to.op('Bitcast', [to.op('Placeholder', [], attributes, 'wire')], {
    T: type('int32'),
    type: type(value.dtype),
  });
}

/** Reference to what is fed for the entry `name`. */
export function fedRef(name: string, dtype: DType): string {
  return dtype === 'float64' ? `${name}/wire:0` : `${name}:0`;
}

/** Emits the place where a value is fetched, and returns its reference. */
export function emitExit(to: Emitter, ref: string, value: TensorType): string {
  const wire = wireType(value);
  if (wire.dtype === value.dtype) return to.op('Identity', [ref], { T: type(value.dtype) });
  return to.op('Bitcast', [ref], { T: type(value.dtype), type: type(wire.dtype) });
}

/** A value as it is fed. */
export function toWire(value: TensorValue): TensorValue {
  const { data } = value;
  if (!(data instanceof Float64Array)) return value;
  const pairs = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  return { dtype: 'int32', shape: wireType(value).shape, data: pairs };
}

/** The value of the program's type that was fetched as `wire`. */
export function fromWire({ dtype, shape }: TensorType, wire: TensorValue): TensorValue {
  if (dtype !== 'float64') return wire;
  // A copy: eight bytes have to begin at a multiple of eight.
  const { buffer, byteOffset, byteLength } = wire.data;
  return { dtype, shape, data: new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)) };
}
