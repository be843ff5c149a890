/** Floating-point operations of operations, against their definitions. */
import { expect, test } from 'vitest';
import { flopsOf } from './count.ts';
import * as ops from './index.ts';
import { createGraph, feed, type Shape, signature, type Tensor } from './index.ts';

/** Of all that `build` writes, together. */
function flops(build: (x: (...shape: number[]) => Tensor) => Tensor): number {
  const graph = createGraph();
  let inputs = 0;
  const x = (...shape: Shape) => feed(graph, `x${inputs++}`, 'float32', shape);
  signature(graph, 'call', () => ({ y: build(x) }));
  return graph.nodes.reduce((sum, node) => sum + flopsOf(node), 0);
}

test.each<[string, (x: (...shape: number[]) => Tensor) => Tensor, number]>([
  ['add: one an element of the result', (x) => ops.add(x(3, 1), x(4)), 12],
  ['matMul: two a multiply-add', (x) => ops.matMul(x(3, 5), x(5, 7)), 2 * 3 * 5 * 7],
  ['matMul in batches', (x) => ops.matMul(x(4, 5, 3), x(4, 5, 7), { transposeA: true }), 4 * 2 * 3 * 5 * 7],
  ['conv2d, stride 2', (x) => ops.conv2d(x(2, 8, 6, 3), x(5, 4, 3, 7), 2), 2 * 2 * (4 * 3) * (5 * 4) * (3 * 7)],
  ['conv2d VALID', (x) => ops.conv2d(x(1, 8, 6, 3), x(5, 4, 3, 7), 1, { padding: 'VALID' }), 2 * (4 * 3) * 20 * 21],
  ['conv2d in groups', (x) => ops.conv2d(x(1, 8, 8, 6), x(3, 3, 2, 9), 1, { groups: 3 }), 2 * 64 * 9 * 2 * 9],
  [
    'conv2dTranspose: each pixel of the smaller image meets the kernel',
    (x) => ops.conv2dTranspose(x(1, 4, 3, 7), x(5, 4, 3, 7), 2, { height: 8, width: 6 }),
    2 * (4 * 3) * 20 * 21,
  ],
  ['depthwiseConv2d', (x) => ops.depthwiseConv2d(x(2, 8, 6, 3), x(5, 4, 3, 1), 2), 2 * 2 * (4 * 3) * 20 * 3],
  ['averagePool: one an element of each window', (x) => ops.averagePool(x(2, 9, 9, 4), 3), 2 * 9 * 4 * 9],
  ['sum: one an element', (x) => ops.sum(x(5, 6), [0]), 30],
  ['max: one an element', (x) => ops.max(x(5, 6)), 30],
  ['scatterAdd: one an element', (x) => ops.scatterAdd(x(5, 6), ops.cast(x(5), 'int32'), 3), 30],
  ['moving computes nothing', (x) => ops.transpose(ops.reverse(ops.padZero(x(1, 2, 2, 1), border), [1])), 0],
  ['nor does repeating', (x) => ops.upsampleNearest(ops.depthToSpace(x(1, 2, 2, 4), 2)), 0],
])('%s', (_, build, expected) => {
  expect(flops(build)).toBe(expected);
});

const border = { top: 1, bottom: 1, left: 1, right: 1 };
