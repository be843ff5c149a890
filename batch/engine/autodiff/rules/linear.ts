/** Gradients of products of matrices and of biases. */
import { inputOf } from '../../program/graph.ts';
import { biasAddGradient, broadcastTo, matMul } from '../../program/index.ts';
import type { Rules } from '../rule.ts';

export const linear: Rules = {
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
};
