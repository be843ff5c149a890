/** Collects TensorFlow nodes and names them; knows no operation of a program. */
import { EngineError } from '../errors.ts';
import type { DType, Shape, Tensor } from '../program/tensor.ts';
import type { Attribute, NodeDef, TfType } from '../savedmodel/nodedef.ts';

/** What the emission of one program node may use. Names of helper nodes hang below that node's own. */
export interface Emitter {
  /** Appends a node and returns its first output's reference. The last one of a program node gets its name. */
  op(op: string, inputs: readonly string[], attributes: Record<string, Attribute>, suffix?: string): string;
  /** Reference to a tensor that has been emitted already. */
  ref(tensor: Tensor): string;
  /** Appends a constant, under the program node's own name or below it. */
  constant(dtype: DType, shape: Shape, values: readonly number[], suffix?: string): string;
  /** A constant int32 vector, or a scalar where a number is given; all emissions share it. */
  ints(values: readonly number[] | number): string;
  /** Reference to the variable that holds a state. */
  variable(name: string): string;
}

export const type = (dtype: TfType): Attribute => ({ type: dtype });

/** The mutable result that all emissions of one program share. */
export interface Emission {
  readonly nodes: NodeDef[];
  readonly refs: Map<Tensor, string>;
  readonly constants: Set<string>;
}

export function createEmission(): Emission {
  return { nodes: [], refs: new Map(), constants: new Set() };
}

/** An emitter that names nodes after `name` and lets the one of that very name wait for `after`. */
export function emitterFor(emission: Emission, name: string, after: readonly string[]): Emitter {
  const op: Emitter['op'] = (kind, inputs, attributes, suffix) => {
    const own = suffix === undefined;
    const full = own ? name : `${name}/${suffix}`;
    const order = own ? after.map((node) => `^${node}`) : [];
    emission.nodes.push({ name: full, op: kind, inputs: [...inputs, ...order], attributes });
    return full;
  };
  return {
    op,
    constant(dtype, shape, values, suffix) {
      const tensor = { dtype, shape, content: bytesOf(dtype, values) };
      return op('Const', [], { dtype: type(dtype), value: { tensor } }, suffix);
    },
    ref(tensor) {
      const ref = emission.refs.get(tensor);
      if (ref === undefined) throw new Error(`${tensor.node.name} is used before it is emitted`);
      return ref;
    },
    ints: (values) => sharedInts(emission, values),
    variable: (state) => variableName(state),
  };
}

/** The node that stands for a state's variable. */
export function variableName(state: string): string {
  return `state/${state}`;
}

function sharedInts(emission: Emission, values: readonly number[] | number): string {
  const scalar = typeof values === 'number';
  const list = scalar ? [values] : values;
  const name = `integers/${scalar ? 'scalar' : 'vector'}_${list.join('_').replaceAll('-', 'm')}`;
  if (!emission.constants.has(name)) {
    emission.constants.add(name);
    emitterFor(emission, name, []).constant('int32', scalar ? [] : [list.length], list);
  }
  return name;
}

function bytesOf(dtype: DType, values: readonly number[]): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
    case 'bfloat16':
      throw new EngineError('DTYPE', 'there are no constants of bfloat16: cast one of float32');
  }
}
