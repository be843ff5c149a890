/** Minibatch standard deviation against its definition. */
import { describe, expect, test } from 'vitest';
import { buildPart, createGraph, feed, signature } from '../../engine/program/index.ts';
import { minibatchDeviation } from './minibatch-deviation.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, average, count, expectClose, variance } from './testing/numbers.ts';

const [HEIGHT, WIDTH, CHANNELS] = [2, 3, 2];
const ELEMENTS = HEIGHT * WIDTH * CHANNELS;

describe.each([
  {
    n: 8,
    groupSize: 4,
    groups: [
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ],
  },
  {
    n: 6,
    groupSize: 2,
    groups: [
      [0, 3],
      [1, 4],
      [2, 5],
    ],
  },
  { n: 3, groupSize: 4, groups: [[0, 1, 2]] },
])('of $n examples in groups of $groupSize', ({ n, groupSize, groups }) => {
  test('is one number for each group, beside what was there', () => {
    const inputs = { x: floats([n, HEIGHT, WIDTH, CHANNELS]) };
    const { outputs } = evaluate(inputs, () => ({ x }) => ({ y: minibatchDeviation('D', x, groupSize) }));
    const x = [...inputs.x.data];
    const expected = count(n * HEIGHT * WIDTH).flatMap((pixel) => {
      const example = Math.floor(pixel / HEIGHT / WIDTH);
      const group = groups.find((members) => members.includes(example)) ?? [];
      const deviations = count(ELEMENTS).map((element) =>
        Math.sqrt(variance(group.map((member) => at(x, member * ELEMENTS + element))) + 1e-8),
      );
      return [...x.slice(pixel * CHANNELS, (pixel + 1) * CHANNELS), average(deviations)];
    });
    expectClose(outputs.y, expected);
  });
});

test('refuses what it cannot group, and a part of a batch, by name', () => {
  const graph = createGraph();
  signature(graph, 'train', () => {
    const x = feed(graph, 'x', 'float32', [6, 2, 2, 1]);
    expect(() => minibatchDeviation('discriminator/deviation', x)).toThrow(/discriminator\/deviation: 6 examples .* 4/);
    expect(() => buildPart(graph, () => minibatchDeviation('discriminator/deviation', x, 2))).toThrow(
      /^discriminator\/deviation: minibatch deviation compares examples over the whole batch, .* is in train: /,
    );
    return { x };
  });
});
