/** Batch norm, plain and by class, against its definition. */
import { describe, expect, test } from 'vitest';
import { buildPart, createGraph, feed, read, type State, signature, type Tensor } from '../../engine/program/index.ts';
import { batchNorm } from './batch-norm.ts';
import type { Normalisation } from './batch-statistics.ts';
import { conditionalBatchNorm } from './conditional-batch-norm.ts';
import { evaluate, floats, labels } from './testing/evaluate.ts';
import { at, average, expectClose, variance } from './testing/numbers.ts';

const FEATURES = 3;
const EPSILON = 1e-5;
const shapes = [
  [4, 2, 3, FEATURES],
  [4, FEATURES],
];
const classes = [2, 0, 1, 2];
const column = (x: readonly number[], feature: number) => x.filter((_, index) => index % FEATURES === feature);

/** Normalises by the batch, and gives what it observed. */
function byBatch(names: readonly string[], apply: (normalisation: Normalisation) => Tensor) {
  const observed: Record<string, Tensor> = {};
  const observe = ({ name }: State, value: Tensor) => {
    if (!names.includes(name)) throw new RangeError(name);
    observed[name] = value;
  };
  const y = apply({ by: 'batch', observe });
  return { y, mean: observed['norm/mean'] ?? y, variance: observed['norm/variance'] ?? y };
}
const AVERAGES = ['norm/mean', 'norm/variance'];

describe.each(shapes.map((shape) => ({ shape })))('of $shape', ({ shape }) => {
  const inputs = { x: floats(shape), y: labels(...classes) };
  const x = [...inputs.x.data];
  const pixels = x.length / 4 / FEATURES;
  const classOf = (index: number) => at(classes, Math.floor(index / FEATURES / pixels));

  test('by the batch', () => {
    const { outputs, state, names } = evaluate({ x: inputs.x }, (graph) => {
      const layer = batchNorm(graph, 'norm', FEATURES);
      return ({ x }) => byBatch(AVERAGES, (normalisation) => layer.apply(x, read, normalisation));
    });
    const expected = x.map((value, index) => {
      const feature = index % FEATURES;
      const seen = column(x, feature);
      const normal = (value - average(seen)) / Math.sqrt(variance(seen) + EPSILON);
      return normal * at(state('norm/gain'), feature) + at(state('norm/bias'), feature);
    });
    expectClose(outputs.y, expected);
    const columns = [0, 1, 2].map((feature) => column(x, feature));
    expectClose(outputs.mean, columns.map(average));
    const unbiased = (seen: readonly number[]) => (variance(seen) * seen.length) / (seen.length - 1);
    expectClose(outputs.variance, columns.map(unbiased));
    expect(names).toEqual(['norm/gain', 'norm/bias', 'norm/mean', 'norm/variance']);
  });

  test('by the averages', () => {
    const { outputs, state } = evaluate({ x: inputs.x }, (graph) => {
      const layer = batchNorm(graph, 'norm', FEATURES);
      return ({ x }) => ({ y: layer.apply(x, read, { by: 'averages' }) });
    });
    const expected = x.map((value, index) => {
      const of = (name: string) => at(state(`norm/${name}`), index % FEATURES);
      return ((value - of('mean')) / Math.sqrt(of('variance') + EPSILON)) * of('gain') + of('bias');
    });
    expectClose(outputs.y, expected);
  });

  test('by the batch, with gains and biases by class', () => {
    const { outputs, state, names } = evaluate(inputs, (graph) => {
      const layer = conditionalBatchNorm(graph, 'norm', { features: FEATURES, classes: 3 });
      return ({ x, y }) => byBatch(AVERAGES, (normalisation) => layer.apply(x, y, read, normalisation));
    });
    const expected = x.map((value, index) => {
      const seen = column(x, index % FEATURES);
      const normal = (value - average(seen)) / Math.sqrt(variance(seen) + EPSILON);
      const of = (name: string) => at(state(name), classOf(index) * FEATURES + (index % FEATURES));
      return normal * of('norm/gain/table') + of('norm/bias/table');
    });
    expectClose(outputs.y, expected);
    expectClose(
      outputs.mean,
      [0, 1, 2].map((feature) => average(column(x, feature))),
    );
    expect(names).toEqual(['norm/gain/table', 'norm/bias/table', 'norm/mean', 'norm/variance']);
  });

  test('by the averages, with gains and biases by class', () => {
    const { outputs, state } = evaluate(inputs, (graph) => {
      const layer = conditionalBatchNorm(graph, 'norm', { features: FEATURES, classes: 3 });
      return ({ x, y }) => ({ y: layer.apply(x, y, read, { by: 'averages' }) });
    });
    const expected = x.map((value, index) => {
      const feature = index % FEATURES;
      const of = (name: string) => at(state(`norm/${name}/table`), classOf(index) * FEATURES + feature);
      const normal =
        (value - at(state('norm/mean'), feature)) / Math.sqrt(at(state('norm/variance'), feature) + EPSILON);
      return normal * of('gain') + of('bias');
    });
    expectClose(outputs.y, expected);
  });
});

test('gains begin at 1, biases and means at 0, variances at 1', () => {
  const graph = createGraph();
  batchNorm(graph, 'plain', 2);
  conditionalBatchNorm(graph, 'classes', { features: 2, classes: 3 });
  const begins = Object.fromEntries([...graph.states.values()].map(({ name, init }) => [name, init]));
  const [one, zero] = [
    { kind: 'fill', value: 1 },
    { kind: 'fill', value: 0 },
  ];
  expect(begins).toEqual({
    'plain/gain': one,
    'plain/bias': zero,
    'plain/mean': zero,
    'plain/variance': one,
    'classes/gain/table': one,
    'classes/bias/table': zero,
    'classes/mean': zero,
    'classes/variance': one,
  });
});

test('takes no part of a batch by the batch, and any by the averages', () => {
  const graph = createGraph();
  const layer = batchNorm(graph, 'generator/norm', 2);
  signature(graph, 'train', () => {
    const x = feed(graph, 'x', 'float32', [4, 2]);
    const apply = (normalisation: Normalisation) => buildPart(graph, () => layer.apply(x, read, normalisation));
    expect(() => apply({ by: 'batch', observe: () => {} })).toThrow(/^generator\/norm: batch norm .* is in train: /);
    return { y: apply({ by: 'averages' }) };
  });
});
