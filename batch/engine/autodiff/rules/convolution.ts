/** Gradients of convolutions. The three forms of one are a trilinear form in (images, kernel, result): each is the others'. */
import { inputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import type { Shape, Tensor } from '../../program/tensor.ts';
import type { Rule, Rules } from '../rule.ts';

interface Forms {
  forward(x: Tensor, kernel: Tensor, sliding: ops.Sliding): Tensor;
  toInput(dy: Tensor, kernel: Tensor, sliding: ops.Sliding, shape: Shape): Tensor;
  toFilter(x: Tensor, dy: Tensor, sliding: ops.Sliding, shape: Shape): Tensor;
}

type Sliding = 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient';
type Each = 'depthwiseConv2d' | 'depthwiseConv2dInputGradient' | 'depthwiseConv2dFilterGradient';

function rulesOf({ forward, toInput, toFilter }: Forms): Record<keyof Forms, Rule<Sliding | Each>> {
  return {
    forward: (node, dy) => {
      const [x, kernel] = [inputOf(node, 0), inputOf(node, 1)];
      return [
        () => toInput(dy, kernel, node.attributes, x.shape),
        () => toFilter(x, dy, node.attributes, kernel.shape),
      ];
    },
    toInput: (node, d) => {
      const [dy, kernel] = [inputOf(node, 0), inputOf(node, 1)];
      return [() => forward(d, kernel, node.attributes), () => toFilter(d, dy, node.attributes, kernel.shape)];
    },
    toFilter: (node, d) => {
      const [x, dy] = [inputOf(node, 0), inputOf(node, 1)];
      return [() => toInput(dy, d, node.attributes, x.shape), () => forward(x, d, node.attributes)];
    },
  };
}

const full = rulesOf({
  forward: (x, kernel, { stride, padding }) => ops.conv2d(x, kernel, stride, { padding }),
  toInput: ops.conv2dInputGradient,
  toFilter: ops.conv2dFilterGradient,
});

const depthwise = rulesOf({
  forward: (x, kernel, { stride, padding }) => ops.depthwiseConv2d(x, kernel, stride, { padding }),
  toInput: ops.depthwiseConv2dInputGradient,
  toFilter: ops.depthwiseConv2dFilterGradient,
});

export const convolution: Rules = {
  conv2d: full.forward,
  conv2dInputGradient: full.toInput,
  conv2dFilterGradient: full.toFilter,
  depthwiseConv2d: depthwise.forward,
  depthwiseConv2dInputGradient: depthwise.toInput,
  depthwiseConv2dFilterGradient: depthwise.toFilter,
};
