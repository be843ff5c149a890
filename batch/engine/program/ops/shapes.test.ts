/** Shape rules complain with operation, shapes and place. */
import { expect, test } from 'vitest';
import { EngineError } from '../../errors.ts';
import * as ops from '../index.ts';

const { createGraph, feed, scope, signature } = ops;

function inScope(build: (feedOf: (...shape: number[]) => ops.Tensor) => ops.Tensor): () => void {
  return () => {
    const graph = createGraph();
    signature(graph, 'train', () => {
      let count = 0;
      const feedOf = (...shape: number[]) => feed(graph, `x${count++}`, 'float32', shape);
      return { y: scope(graph, 'generator', () => build(feedOf)) };
    });
  };
}

test.each<[string, (x: (...shape: number[]) => ops.Tensor) => ops.Tensor, string]>([
  ['matMul', (x) => ops.matMul(x(32, 100), x(99, 7)), 'matMul: [32, 100] and [99, 7] do not fit, in train/generator'],
  ['add', (x) => ops.add(x(2, 3), x(4)), 'add: [2, 3] and [4] do not broadcast, in train/generator'],
  ['reshape', (x) => ops.reshape(x(2, 3), [5]), 'reshape: [2, 3] does not fill [5], in train/generator'],
  [
    'conv2d',
    (x) => ops.conv2d(x(1, 8, 8, 3), x(4, 4, 2, 5), 2),
    'conv2d: [1, 8, 8, 3] and [4, 4, 2, 5] do not fit, in train/generator',
  ],
  ['slice', (x) => ops.slice(x(4), [3], [2]), 'slice: [4] does not contain [2] at [3], in train/generator'],
  [
    'concat',
    (x) => ops.concat([x(2, 3), x(2, 4)]),
    'concat: [2, 3] and [2, 4] do not join along axis 0, in train/generator',
  ],
  ['biasAdd', (x) => ops.biasAdd(x(2, 3), x(2)), 'biasAdd: [2, 3] and [2] do not fit, in train/generator'],
  [
    'conv2dTranspose',
    (x) => ops.conv2dTranspose(x(1, 4, 4, 2), x(4, 4, 3, 2), 2, { height: 9, width: 8 }),
    'conv2dInputGradient: [1, 4, 4, 2] and [4, 4, 3, 2] do not lead to [1, 9, 8, 3] at stride 2 and SAME padding, in train/generator',
  ],
  [
    'matMul of batches',
    (x) => ops.matMul(x(2, 3, 4), x(3, 4, 5)),
    'matMul: [2, 3, 4] and [3, 4, 5] do not fit, in train/generator',
  ],
  [
    'conv2d VALID',
    (x) => ops.conv2d(x(1, 2, 8, 3), x(4, 4, 3, 5), 1, { padding: 'VALID' }),
    'conv2d: [1, 2, 8, 3] and [4, 4, 3, 5] do not fit, in train/generator',
  ],
  [
    'conv2d with half a stride',
    (x) => ops.conv2d(x(1, 8, 8, 3), x(4, 4, 3, 5), 0.5),
    'conv2d: [1, 8, 8, 3] and [4, 4, 3, 5] do not fit, in train/generator',
  ],
  [
    'conv2d with less than no padding',
    (x) =>
      ops.conv2d(x(1, 8, 8, 3), x(4, 4, 3, 5), 1, {
        padding: [
          [-1, 0],
          [0, 0],
        ],
      }),
    'conv2d: [1, 8, 8, 3] and [4, 4, 3, 5] do not fit, in train/generator',
  ],
  [
    'conv2d in groups',
    (x) => ops.conv2d(x(1, 8, 8, 3), x(4, 4, 2, 6), 2, { groups: 2 }),
    'split: [1, 8, 8, 3] has no 2 equal parts along axis 3, in train/generator',
  ],
  [
    'depthwiseConv2d',
    (x) => ops.depthwiseConv2d(x(1, 8, 8, 3), x(4, 4, 2, 1), 2),
    'depthwiseConv2d: [1, 8, 8, 3] and [4, 4, 2, 1] do not fit, in train/generator',
  ],
  [
    'transpose',
    (x) => ops.transpose(x(2, 3, 4), [0, 2, 2]),
    'transpose: [2, 3, 4] has no axes in the order 0, 2, 2, in train/generator',
  ],
  ['reverse', (x) => ops.reverse(x(2, 3), [2]), 'reverse: [2, 3] has no axes 2, in train/generator'],
  ['sum', (x) => ops.sum(x(2, 3), [1, 1]), 'sum: [2, 3] has no axes 1, 1, in train/generator'],
  ['max', (x) => ops.max(x(2, 3), [-1]), 'max: [2, 3] has no axes -1, in train/generator'],
  ['softmax', (x) => ops.softmax(x()), 'softmax: [] has no last axis, in train/generator'],
  ['argMax', (x) => ops.argMax(x()), 'argMax: [] has no last axis, in train/generator'],
  ['maximum', (x) => ops.maximum(x(2, 3), x(2)), 'maximum: [2, 3] and [2] do not broadcast, in train/generator'],
  ['greater', (x) => ops.greater(x(2, 3), x(2)), 'greater: [2, 3] and [2] do not broadcast, in train/generator'],
  [
    'scatterAdd',
    (x) => ops.scatterAdd(x(3, 2), ops.cast(x(2), 'int32'), 4),
    'scatterAdd: [3, 2] and [2] are not rows and an index for each, in train/generator',
  ],
  [
    'upsampleNearest',
    (x) => ops.upsampleNearest(x(1, 4, 4, 2), 1.5),
    'upsampleNearest: [1, 4, 4, 2] does not become 1.5 times as large, in train/generator',
  ],
  [
    'averagePool',
    (x) => ops.averagePool(x(1, 2, 4, 2), 3, { padding: 'VALID' }),
    'averagePool: [1, 2, 4, 2] has no windows of 3 × 3 at stride 3 and VALID padding, in train/generator',
  ],
  [
    'depthToSpace',
    (x) => ops.depthToSpace(x(1, 4, 4, 6), 2),
    'depthToSpace: [1, 4, 4, 6] has no channels for blocks of 2 × 2, in train/generator',
  ],
  [
    'spaceToDepth',
    (x) => ops.spaceToDepth(x(1, 4, 5, 6), 2),
    'spaceToDepth: [1, 4, 5, 6] has no blocks of 2 × 2, in train/generator',
  ],
  [
    'padReflect',
    (x) => ops.padReflect(x(1, 4, 4, 3), { top: 4, bottom: 0, left: 0, right: 0 }),
    'padReflect: [1, 4, 4, 3] is too small for a border of 4 and 0 along axis 1, in train/generator',
  ],
  [
    'batchNorm',
    (x) => ops.batchNorm(x(2, 4, 4, 3), x(3), x(4), 1e-5).y,
    'batchNorm: [2, 4, 4, 3] and [3] and [4] do not fit, in train/generator',
  ],
])('%s', (_, build, message) => {
  expect(inScope(build)).toThrow(new EngineError('SHAPE', message));
});

test('element types are not mixed', () => {
  expect(inScope((x) => ops.add(x(2), ops.cast(x(2), 'float64')))).toThrow(/add: mixes float32 and float64, in train/);
  expect(inScope((x) => ops.gather(x(2), x(2)))).toThrow(/gather: takes int32, not float32, in train/);
  expect(inScope((x) => ops.equal(x(2), ops.cast(x(2), 'int32')))).toThrow(/equal: mixes float32 and int32, in train/);
  expect(inScope((x) => ops.not(x(2)))).toThrow(/not: takes bool, not float32, in train/);
});

test('a tensor of one signature is refused in another', () => {
  const graph = createGraph();
  let foreign: ops.Tensor | null = null;
  signature(graph, 'one', () => {
    foreign = feed(graph, 'x', 'float32', []);
    return { x: foreign };
  });
  signature(graph, 'two', () => {
    const own = feed(graph, 'x', 'float32', []);
    expect(() => ops.add(own, foreign ?? own)).toThrow(/one\/feed belongs to another signature than two/);
    return { own };
  });
});

test('streams of random numbers with equal numbers are refused', () => {
  const graph = createGraph();
  graph.streams.set(ops.streamNumber('dropout/1'), 'another');
  signature(graph, 'one', () => {
    const key = feed(graph, 'key', 'int32', [3]);
    expect(() => ops.streamKey(key, 'dropout/1')).toThrow(/another and dropout\/1 have the same number/);
    return { key };
  });
});
