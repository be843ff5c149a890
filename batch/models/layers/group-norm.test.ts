/** Norms of single examples against their definition. */
import { expect, test } from 'vitest';
import { createGraph, type Graph, read } from '../../engine/program/index.ts';
import { groupNorm, instanceNorm, layerNorm } from './group-norm.ts';
import type { Layer } from './layer.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, average, count, expectClose, variance } from './testing/numbers.ts';

const CHANNELS = 6;
const EPSILON = 1e-5;

interface Case {
  readonly name: string;
  readonly groups: number;
  readonly declare: (graph: Graph) => Layer;
}

const cases: readonly Case[] = [
  { name: 'group norm', groups: 2, declare: (graph) => groupNorm(graph, 'norm', { channels: CHANNELS, groups: 2 }) },
  { name: 'instance norm', groups: CHANNELS, declare: (graph) => instanceNorm(graph, 'norm', CHANNELS) },
  { name: 'layer norm', groups: 1, declare: (graph) => layerNorm(graph, 'norm', CHANNELS) },
];
const shapes = [
  [3, 2, 4, CHANNELS],
  [3, CHANNELS],
];

test.each(cases.flatMap((of) => shapes.map((shape) => ({ ...of, shape }))))(
  '$name of $shape is what its definition says',
  ({ groups, declare, shape }) => {
    const inputs = { x: floats(shape) };
    const { outputs, state, names } = evaluate(inputs, (graph) => {
      const layer = declare(graph);
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const x = [...inputs.x.data];
    const pixels = x.length / 3 / CHANNELS;
    const width = CHANNELS / groups;
    const expected = x.map((value, index) => {
      const [example, channel] = [Math.floor(index / (pixels * CHANNELS)), index % CHANNELS];
      const first = Math.floor(channel / width) * width;
      const seen = count(pixels * width).map((i) =>
        at(x, (example * pixels + Math.floor(i / width)) * CHANNELS + first + (i % width)),
      );
      const normal = (value - average(seen)) / Math.sqrt(variance(seen) + EPSILON);
      return normal * at(state('norm/gain'), channel) + at(state('norm/bias'), channel);
    });
    expectClose(outputs.y, expected);
    expect(names).toEqual(['norm/gain', 'norm/bias']);
  },
);

test('groups are of one size', () => {
  expect(() => groupNorm(createGraph(), 'norm', { channels: 6, groups: 4 })).toThrow(/norm: 6 channels .* 4 groups/);
});
