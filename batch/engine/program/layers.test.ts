/** Layers found in a program against the program's own sums. */
import { expect, test } from 'vitest';
import { countFlops } from './count.ts';
import { createGraph, feed, finish, matMul, multiply, read, relu, reshape, scale, state, tanh } from './index.ts';
import { layersOf } from './layers.ts';
import { signature } from './signature.ts';

test('a layer is the state of one name, what applies it, and what follows without state', () => {
  const graph = createGraph();
  const weight = (name: string, shape: readonly number[]) =>
    state(graph, name, shape, { init: { kind: 'fill', value: 1 } });
  const [first, gain, second] = [
    weight('net/a/kernel', [3, 5]),
    weight('net/a/gain', [5]),
    weight('net/b/kernel', [5, 2]),
  ];
  const average = state(graph, 'net/b/average', [5], { role: 'average', init: { kind: 'fill', value: 0 } });
  signature(graph, 'forward', () => {
    const x = scale(feed(graph, 'x', 'float32', [7, 3]), 2);
    const a = relu(multiply(matMul(x, read(first)), read(gain)));
    // A weight that is computed before it is used stays its layer's, and is not its output.
    const kernel = scale(read(second), 0.5);
    return { y: reshape(tanh(matMul(multiply(a, read(average)), kernel)), [14]) };
  });
  const program = finish(graph);
  const layers = layersOf(program, 'forward');
  expect(layers).toEqual([
    { name: 'net/a', shape: [7, 5], parameters: 20, flops: 21 + 2 * 7 * 3 * 5 + 35 + 35 },
    { name: 'net/b', shape: [7, 2], parameters: 10, flops: 35 + 10 + 2 * 7 * 5 * 2 + 14 },
  ]);
  expect(layers.reduce((sum, { flops }) => sum + flops, 0)).toBe(countFlops(program, 'forward'));
});
