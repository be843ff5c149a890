/** TensorFlow's FunctionDef as values, and its encoding; knows no operation. */
import { type NodeDef, type TfType, TYPE_NUMBERS, writeAttribute, writeNode } from './nodedef.ts';
import type { Message } from './protobuf.ts';

/** One argument or result of a function. Names are lower case. */
export interface Argument {
  readonly name: string;
  readonly dtype: TfType;
}

/**
 * function.proto. Within a function, nodes refer to an argument by its name and to an output as `node:output:0`, where
 * `output` is the output's name in the operation's definition.
 */
export interface FunctionDef {
  readonly name: string;
  readonly inputs: readonly Argument[];
  /** `ref` is what is returned. */
  readonly outputs: readonly (Argument & { readonly ref: string })[];
  readonly nodes: readonly NodeDef[];
  /** XLA compiles it as a whole, or the call fails. */
  readonly xla: boolean;
}

/** Field numbers of op_def.proto's OpDef and of function.proto's FunctionDef. */
export function writeFunction(to: Message, { name, inputs, outputs, nodes, xla }: FunctionDef): void {
  to.message(1, (signature) => {
    signature.string(1, name);
    for (const input of inputs) signature.message(2, (argument) => writeArgument(argument, input));
    for (const output of outputs) signature.message(3, (argument) => writeArgument(argument, output));
    signature.int(17, 1); // is_stateful: it updates variables
  });
  for (const node of nodes) to.message(3, (inner) => writeNode(inner, node));
  for (const { name, ref } of outputs) {
    to.message(4, (entry) => {
      entry.string(1, name);
      entry.string(2, ref);
    });
  }
  if (xla) {
    to.message(5, (entry) => {
      entry.string(1, XLA_ATTRIBUTE);
      entry.message(2, (value) => writeAttribute(value, { bool: true }));
    });
  }
}

/** What tf.function(jit_compile=True) sets, on the function and on its calls. */
export const XLA_ATTRIBUTE = '_XlaMustCompile';

function writeArgument(to: Message, { name, dtype }: Argument): void {
  to.string(1, name);
  to.int(3, TYPE_NUMBERS[dtype]);
}
