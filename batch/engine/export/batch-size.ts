/** Nodes that compute, from a tensor's first axis, integers that were constants before; knows no graph around them. */
import type { TensorInfo } from '../savedmodel/graphdef.ts';
import type { NodeDef, TensorProto } from '../savedmodel/nodedef.ts';

/** An integer that is fixed, or so many times the size of the batch. */
export type Length = { readonly value: number } | { readonly times: number };

export interface BatchSize {
  /** Reference to a scalar or vector of `lengths`. */
  integers(lengths: readonly Length[], kind: 'scalar' | 'vector'): string;
  /** Nodes that no call has returned yet, inputs first. */
  take(): NodeDef[];
}

const int32 = { type: 'int32' } as const;

/** @param feed the tensor whose first axis is the batch */
export function batchSizeOf(feed: TensorInfo): BatchSize {
  const made = new Set<string>();
  let fresh: NodeDef[] = [];
  const add = (name: string, op: string, inputs: readonly string[], attributes: NodeDef['attributes']): string => {
    if (!made.has(name)) fresh.push({ name, op, inputs, attributes });
    made.add(name);
    return name;
  };
  const constant = (value: number, shape: readonly number[]): string => {
    const tensor: TensorProto = { dtype: 'int32', shape, content: new Uint8Array(Int32Array.of(value).buffer) };
    const attributes = { dtype: int32, value: { tensor } };
    return add(`batch/${shape.length === 0 ? 'integer' : 'index'}_${value}`, 'Const', [], attributes);
  };
  const size = (): string => {
    const shape = add('batch/shape', 'Shape', [feed.ref], { T: { type: feed.dtype }, out_type: int32 });
    const [zero, one] = [constant(0, [1]), constant(1, [1])];
    const no = { int: 0 };
    const masks = { begin_mask: no, end_mask: no, ellipsis_mask: no, new_axis_mask: no, shrink_axis_mask: { int: 1 } };
    return add('batch/size', 'StridedSlice', [shape, zero, one, one], { T: int32, Index: int32, ...masks });
  };
  const scalar = (length: Length): string => {
    if ('value' in length) return constant(length.value, []);
    const { times } = length;
    if (times === 1) return size();
    return add(`batch/times_${times}`, 'Mul', [size(), constant(times, [])], { T: int32 });
  };
  return {
    integers(lengths, kind) {
      const scalars = lengths.map(scalar);
      if (kind === 'scalar') return scalars[0] ?? size();
      const text = lengths.map((length) => ('value' in length ? length.value : `${length.times}n`)).join('_');
      const attributes = { N: { int: scalars.length }, T: int32, axis: { int: 0 } };
      return add(`batch/vector_${text}`, 'Pack', scalars, attributes);
    },
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}
