/** Self-attention against its definition. */
import { expect, test } from 'vitest';
import { createGraph, read } from '../../engine/program/index.ts';
import { attention } from './attention.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, count, expectClose, inner, total } from './testing/numbers.ts';

const [N, PIXELS, CHANNELS, INNER] = [2, 6, 4, 3];

/** `vector` `[inputs]` times a 1 × 1 kernel `[1, 1, inputs, outputs]`. */
function map(vector: readonly number[], kernel: readonly number[]): number[] {
  const outputs = kernel.length / vector.length;
  return count(outputs).map((output) =>
    total(vector.map((value, input) => value * at(kernel, input * outputs + output))),
  );
}

test('every pixel takes of all others, by their likeness', () => {
  const inputs = { x: floats([N, 2, 3, CHANNELS]) };
  const { outputs, state, names } = evaluate(inputs, (graph) => {
    const layer = attention(graph, 'look', { channels: CHANNELS, inner: INNER });
    return ({ x }) => ({ y: layer.apply(x, read) });
  });
  const kernel = (part: string) => state(`look/${part}/kernel`);
  const expected = count(N).flatMap((example) => {
    const pixels = count(PIXELS).map((pixel) => {
      const from = (example * PIXELS + pixel) * CHANNELS;
      return [...inputs.x.data].slice(from, from + CHANNELS);
    });
    const keys = pixels.map((pixel) => map(pixel, kernel('key')));
    const values = pixels.map((pixel) => map(pixel, kernel('value')));
    return pixels.flatMap((pixel) => {
      const query = map(pixel, kernel('query'));
      const likeness = keys.map((key) => Math.exp(inner(query, key)));
      const weights = likeness.map((value) => value / total(likeness));
      const seen = count(INNER).map((channel) =>
        inner(
          weights,
          values.map((value) => at(value, channel)),
        ),
      );
      const added = map(seen, kernel('output'));
      return pixel.map((value, channel) => value + at(state('look/gate'), 0) * at(added, channel));
    });
  });
  expectClose(outputs.y, expected, 11);
  const parts = ['query', 'key', 'value', 'output'].map((part) => `look/${part}/kernel`);
  expect(names).toEqual([...parts, 'look/gate']);
});

test('begins as nothing but its input, an eighth as wide inside', () => {
  const graph = createGraph();
  attention(graph, 'look', { channels: 32 });
  expect(graph.states.get('look/gate')).toMatchObject({ shape: [], init: { kind: 'fill', value: 0 } });
  expect(graph.states.get('look/query/kernel')?.shape).toEqual([1, 1, 32, 4]);
  expect(graph.states.get('look/output/kernel')?.shape).toEqual([1, 1, 4, 32]);
});
