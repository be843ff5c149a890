/** How weights begin. */
import { expect, test } from 'vitest';
import { createGraph } from '../../engine/program/index.ts';
import { convolution } from './convolution.ts';
import { dense } from './dense.ts';
import { glorot, he } from './initial.ts';

test("is Glorot's and zero where nobody says otherwise", () => {
  const graph = createGraph();
  convolution(graph, 'conv', { size: 3, stride: 2, inputs: 2, outputs: 4 });
  dense(graph, 'dense', { inputs: 3, outputs: 5 });
  expect(graph.states.get('conv/kernel')?.init).toEqual({ kind: 'uniform', limit: Math.sqrt(6 / (9 * 6)) });
  expect(graph.states.get('dense/kernel')?.init).toEqual(glorot(3, 5));
  expect(graph.states.get('dense/bias')?.init).toEqual({ kind: 'fill', value: 0 });
});

test('is what the caller says', () => {
  const graph = createGraph();
  const bias = { kind: 'fill', value: -0.5 } as const;
  convolution(graph, 'conv', { size: 3, stride: 1, inputs: 2, outputs: 1, init: he(18), bias });
  expect(graph.states.get('conv/kernel')?.init).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / (1.04 * 18)) });
  expect(graph.states.get('conv/bias')?.init).toEqual(bias);
  expect(he(4, { slope: 1, gain: 3 })).toEqual({ kind: 'normal', deviation: 1.5 });
});
