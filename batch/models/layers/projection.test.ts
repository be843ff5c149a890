/** Embedding and projection against their definitions. */
import { expect, test } from 'vitest';
import { createGraph, read } from '../../engine/program/index.ts';
import { embedding } from './embedding.ts';
import { projection } from './projection.ts';
import { evaluate, floats, labels } from './testing/evaluate.ts';
import { at, expectClose, inner } from './testing/numbers.ts';

const [CLASSES, SIZE] = [3, 4];
const classes = [2, 0, 2, 1, 2];
const row = (table: readonly number[], index: number) => table.slice(index * SIZE, (index + 1) * SIZE);

test('an embedding gives each example the row of its class', () => {
  const { outputs, state, names } = evaluate({ y: labels(...classes) }, (graph) => {
    const layer = embedding(graph, 'net/class', { classes: CLASSES, size: SIZE });
    return ({ y }) => ({ e: layer.apply(y, read) });
  });
  const table = state('net/class/table');
  expect(outputs.e).toEqual(classes.flatMap((label) => row(table, label)));
  expect(names).toEqual(['net/class/table']);
});

test('a projection adds to what features are worth how much they are like their class', () => {
  const inputs = { x: floats([5, SIZE]), y: labels(...classes) };
  const { outputs, state, names } = evaluate(inputs, (graph) => {
    const layer = projection(graph, 'judge', { features: SIZE, classes: CLASSES });
    return ({ x, y }) => ({ logits: layer.apply(x, y, read) });
  });
  const expected = classes.map((label, index) => {
    const features = row([...inputs.x.data], index);
    const worth = inner(features, state('judge/kernel')) + at(state('judge/bias'), 0);
    return worth + inner(features, row(state('judge/table'), label));
  });
  expectClose(outputs.logits, expected);
  expect(names).toEqual(['judge/kernel', 'judge/bias', 'judge/table']);
});

test('the likeness of normal features begins with deviation 1', () => {
  const graph = createGraph();
  projection(graph, 'judge', { features: 64, classes: 2, bias: false });
  expect(graph.states.get('judge/table')?.init).toEqual({ kind: 'normal', deviation: 1 / 8 });
  expect([...graph.states.keys()]).toEqual(['judge/kernel', 'judge/table']);
});
