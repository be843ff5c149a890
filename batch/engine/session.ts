/** A program in execution, whatever executes it; knows no model and no training. */

/** float64 is the type of whole programs, for checks: see `createGraph`. */
export type ValueType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** bfloat16, the upper half of a float32, stays inside a program: products may be computed in it. */
export type DType = ValueType | 'bfloat16';

/** A dense array in C order. `shape` has one entry a dimension, `[]` for a scalar. */
export interface TensorValue {
  readonly dtype: ValueType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** One running program: its state lives inside and changes only through its signatures. Calls block until done. */
export interface Session {
  /** Runs a signature. Throws {@link EngineError} with the program's own names on a missing or misshapen feed. */
  call(signature: string, feeds?: Readonly<Record<string, TensorValue>>): Record<string, TensorValue>;
  /** Values of state by name, by default all that a checkpoint needs (not the data set). */
  read(names?: readonly string[]): Map<string, TensorValue>;
  /** Overwrites state. Throws on unknown names and on shapes that differ. */
  write(state: ReadonlyMap<string, TensorValue>): void;
  /** Tensor handles alive now: constant from call to call. */
  handles(): number;
  /** Frees the program and its state. */
  close(): void;
}
