/** Gradients of operations that change the size of images: linear, so each is another of them. */
import { inputOf } from '../../program/graph.ts';
import { averagePool, averagePoolGradient, depthToSpace, scale, spaceToDepth } from '../../program/index.ts';
import type { Rules } from '../rule.ts';

export const resample: Rules = {
  // The sum over a pixel's copies.
  upsampleNearest: (node, dy) => {
    const { factor } = node.attributes;
    return [() => scale(averagePool(dy, factor), factor ** 2)];
  },
  averagePool: (node, dy) => [() => averagePoolGradient(dy, node.attributes, inputOf(node, 0).shape)],
  averagePoolGradient: (node, dy) => [() => averagePool(dy, node.attributes.size, node.attributes)],
  depthToSpace: (node, dy) => [() => spaceToDepth(dy, node.attributes.block)],
  spaceToDepth: (node, dy) => [() => depthToSpace(dy, node.attributes.block)],
};
