/** Which operations compute each row of their result from the same row of an input, linearly; knows no gradient. */
import { outputOf } from '../../program/graph.ts';
import type { AnyNode } from '../../program/tensor.ts';

/**
 * Inputs of `node` in each of which alone, the others as they are, row i of the result is a linear function of row i. A
 * row is an index of the first axis. What is not listed has none: that costs speed at most.
 */
export function rowwiseInputs(node: AnyNode): readonly number[] {
  return candidates(node).filter((index) => {
    const [input, output] = [node.inputs[index], outputOf(node, 0)];
    return input && input.shape.length > 0 && input.shape[0] === output.shape[0];
  });
}

function candidates(node: AnyNode): readonly number[] {
  switch (node.op) {
    case 'conv2d':
    case 'conv2dInputGradient':
    case 'depthwiseConv2d':
    case 'depthwiseConv2dInputGradient':
    case 'leakyReluGradient':
    case 'reluGradient':
    case 'negate':
    case 'reshape':
    case 'upsampleNearest':
    case 'averagePool':
    case 'averagePoolGradient':
    case 'depthToSpace':
    case 'spaceToDepth':
      return [0];
    case 'tanhGradient':
      return [1];
    case 'matMul':
      return node.inputs.every(({ shape }) => shape.length === 2) && !node.attributes.transposeA ? [0] : [];
    // An operand of another rank is repeated along the first axis: its first axis is another one.
    case 'multiply':
      return node.inputs.flatMap(({ shape }, index) => (shape.length === outputOf(node, 0).shape.length ? index : []));
    case 'sum':
      return node.attributes.axes.includes(0) ? [] : [0];
    case 'broadcastTo':
      return node.inputs[0]?.shape.length === outputOf(node, 0).shape.length ? [0] : [];
    default:
      return [];
  }
}
