/** Gradients of the linear maps, which are linear maps again, and of batch norm. */
import { emit, inputOf, outputOf } from '../../program/graph.ts';
import {
  biasAddGradient,
  broadcastTo,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  matMul,
} from '../../program/index.ts';
import { once, type Rules } from '../rule.ts';

export const layer: Rules = {
  matMul: (node, dy) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const { transposeA, transposeB } = node.attributes;
    return [
      () =>
        transposeA
          ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
          : matMul(dy, b, { transposeB: !transposeB }),
      () =>
        transposeB
          ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
          : matMul(a, dy, { transposeA: !transposeA }),
    ];
  },
  biasAdd: (_, dy) => [() => dy, () => biasAddGradient(dy)],
  biasAddGradient: (node, dy) => [() => broadcastTo(dy, inputOf(node, 0).shape)],

  // The three convolutions are one trilinear form in (images, kernel, result): each is the others' gradient.
  conv2d: (node, dy) => {
    const [x, kernel] = [inputOf(node, 0), inputOf(node, 1)];
    const { stride } = node.attributes;
    return [
      () => conv2dInputGradient(dy, kernel, stride, x.shape),
      () => conv2dFilterGradient(x, dy, stride, kernel.shape),
    ];
  },
  conv2dInputGradient: (node, d) => {
    const [dy, kernel] = [inputOf(node, 0), inputOf(node, 1)];
    const { stride } = node.attributes;
    return [() => conv2d(d, kernel, stride), () => conv2dFilterGradient(d, dy, stride, kernel.shape)];
  },
  conv2dFilterGradient: (node, d) => {
    const [x, dy] = [inputOf(node, 0), inputOf(node, 1)];
    const { stride } = node.attributes;
    return [() => conv2dInputGradient(dy, d, stride, x.shape), () => conv2d(x, d, stride)];
  },

  // First order only: batchNormGradient has no rule, and a penalty through it throws by that name.
  batchNorm: (node, dy) => {
    const [x, gain] = [inputOf(node, 0), inputOf(node, 1)];
    const saved = [3, 4, 5].map((index) => outputOf(node, index));
    const gradients = once(() =>
      emit(node.graph, 'batchNormGradient', [dy, x, gain, ...saved], node.attributes, [x, gain, gain]),
    );
    return [0, 1, 2].map((index) => () => outputOf(gradients(), index));
  },
};
