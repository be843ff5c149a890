/** The form of a kernel, and the kernels that need nothing but a name; knows no operation's. */
import { inputOf } from '../../program/graph.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Node } from '../../program/tensor.ts';
import type { Attribute } from '../../savedmodel/nodedef.ts';
import { type Emitter, type } from '../emitter.ts';

/** Emits a node; the reference is to its first output, or the node itself where it has none. */
export type Kernel<O extends OpName> = (node: Node<O>, to: Emitter) => string;

/** Kernels by operation: none is missing. */
export type Kernels = { readonly [O in OpName]: Kernel<O> };

/** Operations that TensorFlow has under another name, with the inputs as they are. */
export const direct =
  <O extends OpName>(op: string, attributes: (node: Node<O>) => Record<string, Attribute> = () => ({})) =>
  (node: Node<O>, to: Emitter): string =>
    to.op(op, node.inputs.map(to.ref), { T: type(inputOf(node, 0).dtype), ...attributes(node) });

/**
 * How images lie in memory, on every device. oneDNN takes it as it is. On a GPU, Grappler's layout pass makes NCHW of a graph
 * whose convolutions are not float16 for the most part (`GetSrcAndDstDataFormats` in its generic_layout_optimizer.cc), and XLA
 * chooses for each convolution: to emit NCHW would save the few transposes at the ends of a network, and be a second form of
 * every kernel. What tensor cores gain from either has not been measured.
 */
export const layout: Record<string, Attribute> = { data_format: { string: 'NHWC' } };
