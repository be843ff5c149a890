/** Gradients of reductions. */
import { inputOf, outputOf } from '../../program/graph.ts';
import { broadcastTo, cast, divide, equal, keptShape, multiply, reshape, sum } from '../../program/index.ts';
import type { Node, Tensor } from '../../program/tensor.ts';
import type { InputGradient, Rules } from '../rule.ts';

/** To those elements that are the extreme, in equal shares. */
function toExtremes(node: Node<'max' | 'min'>, dy: Tensor): readonly InputGradient[] {
  const [x, extreme] = [inputOf(node, 0), outputOf(node, 0)];
  const { axes } = node.attributes;
  const kept = keptShape(x, axes);
  return [
    () => {
      const mask = cast(equal(x, reshape(extreme, kept)), x.dtype);
      return multiply(mask, reshape(divide(dy, sum(mask, axes)), kept));
    },
  ];
}

export const reduce: Rules = {
  sum: (node, dy) => {
    const x = inputOf(node, 0);
    return [() => broadcastTo(reshape(dy, keptShape(x, node.attributes.axes)), x.shape)];
  },
  max: toExtremes,
  min: toExtremes,
  halfSquareSum: (node, dy) => [() => multiply(dy, inputOf(node, 0))],
};
