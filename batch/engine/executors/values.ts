/** Which values pass between a program and its caller; knows no executor. */
import { EngineError } from '../errors.ts';
import type { DType } from '../program/tensor.ts';

/** Types that go in, and those that come out: the stock addon of TensorFlow has no others, but for a way around it. */
export const FED: readonly DType[] = ['float32', 'float64', 'int32'];
export const FETCHED: readonly DType[] = [...FED, 'bool'];

/** Arrays by the types that pass as they are. */
export const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** `dtype`, of a value that has been checked. */
export function plainType(dtype: DType): keyof typeof ARRAYS {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new EngineError('FEED', `${dtype} stays inside a program`);
}
