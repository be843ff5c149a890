/** Images made smaller and larger by fixed rules. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { Pooling } from '../../program/ops/resample.ts';
import type { DType } from '../../program/tensor.ts';
import type { Attribute } from '../../savedmodel/nodedef.ts';
import { type } from '../emitter.ts';
import { sliding } from './convolution.ts';
import { direct, type Kernels, layout } from './kernel.ts';

function pooling(dtype: DType, { size, stride, padding }: Pooling): Record<string, Attribute> {
  return { ...sliding(dtype, { stride, padding }), ksize: { ints: [1, size, size, 1] } };
}

export const resample = {
  // Half-pixel centres: without them the position of a copy is rounded, and wrong for some factors.
  upsampleNearest: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const sides = to.ints(shape.slice(1, 3));
    return to.op('ResizeNearestNeighbor', [to.ref(inputOf(node, 0)), sides], {
      T: type(dtype),
      half_pixel_centers: { bool: true },
    });
  },
  averagePool: (node, to) =>
    to.op('AvgPool', node.inputs.map(to.ref), pooling(outputOf(node, 0).dtype, node.attributes)),
  averagePoolGradient: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('AvgPoolGrad', [to.ints(shape), to.ref(inputOf(node, 0))], pooling(dtype, node.attributes));
  },
  depthToSpace: direct('DepthToSpace', ({ attributes }) => ({ block_size: { int: attributes.block }, ...layout })),
  spaceToDepth: direct('SpaceToDepth', ({ attributes }) => ({ block_size: { int: attributes.block }, ...layout })),
} satisfies Partial<Kernels>;
