/** What a program costs before it runs: parameters and floating-point operations; pure, so that plans can ask. */
import { inputOf, outputOf } from './graph.ts';
import type { OpName } from './ops/table.ts';
import { nodesOf, type Program } from './program.ts';
import { sizeOf } from './shape.ts';
import type { AnyNode, Tensor } from './tensor.ts';

/** Elements of all weights, or of those whose name starts with `prefix`. */
export function countParameters({ state }: Program, prefix = ''): number {
  return state
    .filter(({ role, name }) => role === 'weight' && name.startsWith(prefix))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Floating-point operations of one call: two for each multiply-add, one for each element of the rest. */
export function countFlops(program: Program, signature: string): number {
  return nodesOf(program, signature).reduce((sum, node) => sum + flopsOf(node), 0);
}

/** Floating-point operations of one node. */
export function flopsOf(node: AnyNode): number {
  switch (node.op) {
    case 'matMul': {
      const inner = inputOf(node, 0).shape.at(node.attributes.transposeA ? -2 : -1) ?? 0;
      return 2 * sizeOf(outputOf(node, 0).shape) * inner;
    }
    case 'conv2d':
    case 'depthwiseConv2d':
      return convolutionFlops(outputOf(node, 0), inputOf(node, 1));
    case 'conv2dInputGradient':
    case 'depthwiseConv2dInputGradient':
      return convolutionFlops(inputOf(node, 0), inputOf(node, 1));
    case 'conv2dFilterGradient':
    case 'depthwiseConv2dFilterGradient':
      return convolutionFlops(inputOf(node, 1), outputOf(node, 0));
    case 'averagePool':
      return node.attributes.size ** 2 * sizeOf(outputOf(node, 0).shape);
    case 'averagePoolGradient':
      return node.attributes.size ** 2 * sizeOf(inputOf(node, 0).shape);
    case 'sum':
    case 'max':
    case 'min':
    case 'argMax':
    case 'halfSquareSum':
    case 'scatterAdd':
      return sizeOf(inputOf(node, 0).shape);
    case 'softmax':
    case 'logSoftmax':
      return 4 * sizeOf(outputOf(node, 0).shape);
    case 'batchNorm':
    case 'batchNormGradient':
      return 8 * sizeOf(outputOf(node, 0).shape);
    case 'adam':
      return 12 * sizeOf(node.attributes.weight.shape);
    default:
      return FREE.has(node.op) ? 0 : node.outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }
}

/** All forms of a convolution cost the same: each pixel of the smaller images meets each element of the kernel. */
function convolutionFlops(small: Tensor, kernel: Tensor): number {
  const [n = 0, height = 0, width = 0] = small.shape;
  return 2 * n * height * width * sizeOf(kernel.shape);
}

/** Operations that compute nothing: they fetch or move. */
const FREE: ReadonlySet<OpName> = new Set<OpName>([
  ...(['constant', 'feed', 'read', 'readImages', 'assign', 'stopGradient', 'cast', 'waitFor'] as const),
  ...(['reshape', 'transpose', 'reverse', 'broadcastTo', 'concat', 'slice', 'pad', 'gather'] as const),
  ...(['upsampleNearest', 'depthToSpace', 'spaceToDepth'] as const),
]);
