/** A residual block against the operations that it is made of. */
import { describe, expect, test } from 'vitest';
import { createGraph, read } from '../../engine/program/index.ts';
import { residual } from './residual.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, convolved, expectClose } from './testing/numbers.ts';

const leaky = (value: number) => (value > 0 ? value : 0.2 * value);

describe('a residual block', () => {
  const size = { height: 3, width: 4 };

  test('adds three convolutions with LeakyReLUs between them', () => {
    const inputs = { x: floats([1, 3, 4, 5]) };
    const { outputs, state, names } = evaluate(inputs, (graph) => {
      const layer = residual(graph, 'block', { channels: 5 });
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const x = [...inputs.x.data];
    const apply = (image: readonly number[], part: string, side: number, bias: readonly number[]) =>
      convolved(image, size, state(`block/${part}/kernel`), side, bias);
    const reduced = apply(x, 'reduce', 1, state('block/reduce/bias')).map(leaky);
    const mixed = apply(reduced, 'middle', 3, state('block/middle/bias')).map(leaky);
    const added = apply(mixed, 'expand', 1, [0, 0, 0, 0, 0]);
    expectClose(
      outputs.y,
      x.map((value, index) => value + at(added, index)),
      11,
    );
    const parts = ['reduce/kernel', 'reduce/bias', 'middle/kernel', 'middle/bias', 'expand/kernel'];
    expect(names).toEqual(parts.map((part) => `block/${part}`));
    expect(state('block/middle/kernel').length).toBe(3 * 3 * 3 * 3);
  });

  test('begins as the identity, and smaller the more blocks there are', () => {
    const graph = createGraph();
    residual(graph, 'block', { channels: 8, blocks: 16 });
    const init = (part: string) => graph.states.get(`block/${part}/kernel`)?.init;
    expect(init('expand')).toEqual({ kind: 'fill', value: 0 });
    expect(init('reduce')).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / (1.04 * 8)) / 2 });
    expect(init('middle')).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / (1.04 * 36)) / 2 });
  });
});
