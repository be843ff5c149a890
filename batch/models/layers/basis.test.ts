/** Learned bases against their definitions. */
import { describe, expect, test } from 'vitest';
import { createGraph, read } from '../../engine/program/index.ts';
import { basisInput, basisOutput } from './basis.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, count, expectClose, total } from './testing/numbers.ts';

describe('a learned basis', () => {
  const [height, width, channels] = [2, 3, 4];
  const size = { height, width, channels };

  test('makes an image of a vector', () => {
    const inputs = { x: floats([2, channels]) };
    const { outputs, state, names } = evaluate(inputs, (graph) => {
      const layer = basisInput(graph, 'start', size);
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const basis = state('start/basis');
    const expected = count(2).flatMap((example) =>
      basis.map((value, index) => value * at([...inputs.x.data], example * channels + (index % channels))),
    );
    expectClose(outputs.y, expected);
    expect(names).toEqual(['start/basis']);
  });

  test('makes a vector of an image', () => {
    const inputs = { x: floats([2, height, width, channels]) };
    const { outputs, state } = evaluate(inputs, (graph) => {
      const layer = basisOutput(graph, 'end', size);
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const basis = state('end/basis');
    const expected = count(2 * channels).map((index) => {
      const [example, channel] = [Math.floor(index / channels), index % channels];
      const image = [...inputs.x.data].slice(example * basis.length, (example + 1) * basis.length);
      return total(image.map((value, element) => (element % channels === channel ? value * at(basis, element) : 0)));
    });
    expectClose(outputs.y, expected);
  });

  test('begins with products of deviation 1', () => {
    const graph = createGraph();
    basisInput(graph, 'start', size);
    basisOutput(graph, 'end', { ...size, height: 7, width: 7 });
    expect(graph.states.get('start/basis')?.init).toEqual({ kind: 'normal', deviation: 1 });
    expect(graph.states.get('end/basis')?.init).toEqual({ kind: 'normal', deviation: 1 / 7 });
  });
});
