/** TensorFlow's GraphDef and SavedModel as values, and their encoding; knows no operation. */
import type { DType, Shape } from '../program/tensor.ts';
import { type FunctionDef, writeFunction } from './functiondef.ts';
import { type NodeDef, TYPE_NUMBERS, writeNode, writeShape } from './nodedef.ts';
import { encode, type Message } from './protobuf.ts';

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
  /** What kind of call it is, for those who serve models; `ganway/<name>` by default. */
  readonly method?: string;
}

/** TensorFlow graph version 1882: the level of operations that this encoding was written against. */
const GRAPH_VERSION = 1882;

/** A graph whose nodes may call functions. */
export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly functions: readonly FunctionDef[];
}

/** graph.proto. */
export function encodeGraph({ nodes, functions }: GraphDef): Uint8Array {
  return encode((graph) => {
    for (const node of nodes) graph.message(1, (to) => writeNode(to, node));
    if (functions.length > 0) {
      graph.message(2, (library) => {
        for (const definition of functions) library.message(1, (to) => writeFunction(to, definition));
      });
    }
    graph.message(4, (versions) => versions.int(1, GRAPH_VERSION));
  });
}

/** saved_model.proto with one meta graph, tagged `serve`, all of whose signatures share one session. */
export function encodeSavedModel(graph: GraphDef, signatures: Readonly<Record<string, SignatureDef>>): Uint8Array {
  return encode((saved) => {
    saved.int(1, 1);
    saved.message(2, (meta) => {
      meta.message(1, (info) => info.string(4, 'serve'));
      meta.bytes(2, encodeGraph(graph));
      for (const [name, { inputs, outputs, method = `ganway/${name}` }] of Object.entries(signatures)) {
        meta.message(5, (entry) => {
          entry.string(1, name);
          entry.message(2, (signature) => {
            for (const [key, info] of Object.entries(inputs)) writeInfo(signature, 1, key, info);
            for (const [key, info] of Object.entries(outputs)) writeInfo(signature, 2, key, info);
            signature.string(3, method);
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
