/** Convolutions, of all channels and of each. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Sliding } from '../../program/ops/window.ts';
import type { DType, Node } from '../../program/tensor.ts';
import type { Attribute } from '../../savedmodel/nodedef.ts';
import { type Emitter, type } from '../emitter.ts';
import { type Kernels, layout } from './kernel.ts';

export function sliding(dtype: DType, { stride, padding }: Sliding): Record<string, Attribute> {
  const common = { T: type(dtype), strides: { ints: [1, stride, stride, 1] }, ...layout };
  if (typeof padding === 'string') return { ...common, padding: { string: padding } };
  return { ...common, padding: { string: 'EXPLICIT' }, explicit_paddings: { ints: [0, 0, ...padding.flat(), 0, 0] } };
}

/** The three forms of a convolution, by the name of the forward one. */
function formsOf(op: 'Conv2D' | 'DepthwiseConv2dNative') {
  type Form = Node<OpName> & { readonly attributes: Sliding };
  const attributes = (node: Form) => sliding(outputOf(node, 0).dtype, node.attributes);
  const sides = (node: Form, to: Emitter) => to.ints(outputOf(node, 0).shape);
  const operands = (node: Form, to: Emitter) => [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))] as const;
  return {
    forward: (node: Form, to: Emitter) => to.op(op, operands(node, to), attributes(node)),
    toInput: (node: Form, to: Emitter) => {
      const [dy, kernel] = operands(node, to);
      return to.op(`${op}BackpropInput`, [sides(node, to), kernel, dy], attributes(node));
    },
    toFilter: (node: Form, to: Emitter) => {
      const [x, dy] = operands(node, to);
      return to.op(`${op}BackpropFilter`, [x, sides(node, to), dy], attributes(node));
    },
  };
}

const conv2d = formsOf('Conv2D');
const depthwiseConv2d = formsOf('DepthwiseConv2dNative');

export const convolution = {
  conv2d: conv2d.forward,
  conv2dInputGradient: conv2d.toInput,
  conv2dFilterGradient: conv2d.toFilter,
  depthwiseConv2d: depthwiseConv2d.forward,
  depthwiseConv2dInputGradient: depthwiseConv2d.toInput,
  depthwiseConv2dFilterGradient: depthwiseConv2d.toFilter,
} satisfies Partial<Kernels>;
