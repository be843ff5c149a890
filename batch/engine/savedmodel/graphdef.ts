/** TensorFlow's GraphDef as values, and its encoding; knows no operation. */
import type { DType, Shape } from '../program/tensor.ts';
import { encode, type Message } from './protobuf.ts';

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
  | { readonly tensor: TensorProto };

/** node_def.proto. Inputs are `name`, `name:output` or `^name` for order alone. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** One argument or result of a signature. */
export interface TensorInfo {
  /** `node:output`. */
  readonly ref: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** TensorFlow graph version 1882: the level of operations that this encoding was written against. */
const GRAPH_VERSION = 1882;

/** graph.proto. */
export function encodeGraph(nodes: readonly NodeDef[]): Uint8Array {
  return encode((graph) => {
    for (const node of nodes) {
      graph.message(1, (to) => {
        to.string(1, node.name);
        to.string(2, node.op);
        for (const input of node.inputs) to.string(3, input);
        for (const [name, attribute] of Object.entries(node.attributes)) {
          to.message(5, (entry) => {
            entry.string(1, name);
            entry.message(2, (value) => writeAttribute(value, attribute));
          });
        }
      });
    }
    graph.message(4, (versions) => versions.int(1, GRAPH_VERSION));
  });
}

/** saved_model.proto with one meta graph, tagged `serve`, all of whose signatures share one session. */
export function encodeSavedModel(
  nodes: readonly NodeDef[],
  signatures: Readonly<Record<string, SignatureDef>>,
): Uint8Array {
  return encode((saved) => {
    saved.int(1, 1);
    saved.message(2, (meta) => {
      meta.message(1, (info) => info.string(4, 'serve'));
      meta.bytes(2, encodeGraph(nodes));
      for (const [name, { inputs, outputs }] of Object.entries(signatures)) {
        meta.message(5, (entry) => {
          entry.string(1, name);
          entry.message(2, (signature) => {
            for (const [key, info] of Object.entries(inputs)) writeInfo(signature, 1, key, info);
            for (const [key, info] of Object.entries(outputs)) writeInfo(signature, 2, key, info);
            signature.string(3, `ganway/${name}`);
          });
        });
      }
    });
  });
}

function writeInfo(to: Message, field: number, key: string, { ref, dtype, shape }: TensorInfo): void {
  to.message(field, (entry) => {
    entry.string(1, key);
    entry.message(2, (info) => {
      info.string(1, ref);
      info.int(2, TYPE_NUMBERS[dtype]);
      info.message(3, (to) => writeShape(to, shape));
    });
  });
}

function writeAttribute(to: Message, attribute: Attribute): void {
  if ('type' in attribute) to.int(6, TYPE_NUMBERS[attribute.type]);
  else if ('shape' in attribute) to.message(7, (shape) => writeShape(shape, attribute.shape));
  else if ('int' in attribute) to.int(3, attribute.int);
  else if ('float' in attribute) to.float(4, attribute.float);
  else if ('bool' in attribute) to.int(5, attribute.bool ? 1 : 0);
  else if ('string' in attribute) to.string(2, attribute.string);
  else if ('tensor' in attribute) to.message(8, (tensor) => writeTensor(tensor, attribute.tensor));
  else
    to.message(1, (list) => {
      for (const value of attribute.ints) list.int(3, value);
    });
}

function writeShape(to: Message, shape: Shape): void {
  for (const length of shape) to.message(2, (dimension) => dimension.int(1, length));
}

function writeTensor(to: Message, { dtype, shape, content }: TensorProto): void {
  to.int(1, TYPE_NUMBERS[dtype]);
  to.message(2, (inner) => writeShape(inner, shape));
  if (typeof content === 'string') to.string(8, content);
  else to.bytes(4, content);
}
