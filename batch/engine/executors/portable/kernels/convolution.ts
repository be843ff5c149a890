/** Convolutions in their three forms, NHWC. */
import { outputOf } from '../../../program/graph.ts';
import type { Sliding } from '../../../program/ops/window.ts';
import type { Attributes } from '../cpu.ts';
import type { Kernels } from '../frame.ts';

/** How a window slides, in the words of TF.js. */
export function sliding({ stride, padding }: Sliding): Attributes {
  const pad = typeof padding === 'string' ? padding.toLowerCase() : [[0, 0], ...padding, [0, 0]];
  return { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1] };
}

export const convolution = {
  conv2d: (node, on, x, filter) => on.run('Conv2D', { x, filter }, sliding(node.attributes)),
  conv2dInputGradient: (node, on, dy, filter) => {
    const inputShape = outputOf(node, 0).shape;
    return on.run('Conv2DBackpropInput', { dy, filter }, { ...sliding(node.attributes), inputShape });
  },
  conv2dFilterGradient: (node, on, x, dy) => {
    const filterShape = outputOf(node, 0).shape;
    return on.run('Conv2DBackpropFilter', { x, dy }, { ...sliding(node.attributes), filterShape });
  },
  depthwiseConv2d: (node, on, x, filter) => on.run('DepthwiseConv2dNative', { x, filter }, sliding(node.attributes)),
  depthwiseConv2dInputGradient: (node, on, dy, filter) => {
    const inputShape = outputOf(node, 0).shape;
    return on.run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...sliding(node.attributes), inputShape });
  },
  depthwiseConv2dFilterGradient: (node, on, x, dy) => {
    const filterShape = outputOf(node, 0).shape;
    return on.run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...sliding(node.attributes), filterShape });
  },
} satisfies Partial<Kernels>;
