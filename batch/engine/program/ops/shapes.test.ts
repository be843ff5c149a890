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
])('%s', (_, build, message) => {
  expect(inScope(build)).toThrow(new EngineError('SHAPE', message));
});

test('element types are not mixed', () => {
  expect(inScope((x) => ops.add(x(2), ops.cast(x(2), 'float64')))).toThrow(/add: mixes float32 and float64, in train/);
  expect(inScope((x) => ops.gather(x(2), x(2)))).toThrow(/gather: takes int32, not float32, in train/);
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
