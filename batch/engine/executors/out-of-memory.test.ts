/** A program that wants more memory than any machine has; in a file of its own, for TensorFlow waits ten seconds for some. */
import { expect, test } from 'vitest';
import { broadcastTo, createGraph, feed, finish, signature, sum } from '../program/index.ts';
import { using } from '../testing/differences.ts';
import { executors } from './testing/executors.ts';

/** 2⁴⁴ floats. */
const shape = [2 ** 20, 2 ** 20, 2 ** 4];

test.each(executors)('is refused by $name by name and place, and the next call goes on', ({ open }) => {
  const graph = createGraph();
  signature(graph, 'grow', () => ({ y: sum(broadcastTo(feed(graph, 'x', 'float32', []), shape)) }));
  signature(graph, 'keep', () => ({ y: feed(graph, 'x', 'float32', []) }));
  const x = { dtype: 'float32', shape: [], data: Float32Array.of(3) } as const;
  using(open(finish(graph)), (session) => {
    expect(() => session.call('grow', { x })).toThrowError(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: expect.stringMatching(/^broadcastTo of \[\] at grow\/broadcastTo: ./),
      }),
    );
    expect(session.call('keep', { x }).y).toEqual(x);
  });
});
