/** TensorFlow's NodeDef and its attributes as values, and their encoding; knows no operation. */
import type { DType, Shape } from '../program/tensor.ts';
import type { Message } from './protobuf.ts';

export type TfType = DType | 'int64' | 'string' | 'resource';

/** tensorflow/core/framework/types.proto. */
export const TYPE_NUMBERS: Readonly<Record<TfType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
};

/** A constant's content: raw little-endian bytes, or one string. */
export interface TensorProto {
  readonly dtype: TfType;
  readonly shape: Shape;
  readonly content: Uint8Array | string;
}

/** One attribute of a node (attr_value.proto). */
export type Attribute =
  | { readonly type: TfType }
  | { readonly shape: Shape }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly tensor: TensorProto }
  | { readonly types: readonly TfType[] }
  /** A function, by its name. */
  | { readonly func: string };

/** node_def.proto. Inputs are `name`, `name:output` or `^name` for order alone. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** node_def.proto. */
export function writeNode(to: Message, { name, op, inputs, attributes }: NodeDef): void {
  to.string(1, name);
  to.string(2, op);
  for (const input of inputs) to.string(3, input);
  for (const [key, attribute] of Object.entries(attributes)) {
    to.message(5, (entry) => {
      entry.string(1, key);
      entry.message(2, (value) => writeAttribute(value, attribute));
    });
  }
}

/** attr_value.proto. */
export function writeAttribute(to: Message, attribute: Attribute): void {
  if ('type' in attribute) to.int(6, TYPE_NUMBERS[attribute.type]);
  else if ('shape' in attribute) to.message(7, (shape) => writeShape(shape, attribute.shape));
  else if ('int' in attribute) to.int(3, attribute.int);
  else if ('float' in attribute) to.float(4, attribute.float);
  else if ('bool' in attribute) to.int(5, attribute.bool ? 1 : 0);
  else if ('string' in attribute) to.string(2, attribute.string);
  else if ('tensor' in attribute) to.message(8, (tensor) => writeTensor(tensor, attribute.tensor));
  else if ('func' in attribute) to.message(10, (func) => func.string(1, attribute.func));
  else
    to.message(1, (list) => {
      if ('types' in attribute) for (const value of attribute.types) list.int(6, TYPE_NUMBERS[value]);
      else for (const value of attribute.ints) list.int(3, value);
    });
}

export function writeShape(to: Message, shape: Shape): void {
  for (const length of shape) to.message(2, (dimension) => dimension.int(1, length));
}

function writeTensor(to: Message, { dtype, shape, content }: TensorProto): void {
  to.int(1, TYPE_NUMBERS[dtype]);
  to.message(2, (inner) => writeShape(inner, shape));
  if (typeof content === 'string') to.string(8, content);
  else to.bytes(4, content);
}
