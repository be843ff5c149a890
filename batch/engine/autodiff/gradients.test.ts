/** Every gradient rule against central differences in float64, first and second order. */
import { describe, expect, test } from 'vitest';
import { kernels } from '../lowering/kernels/table.ts';
import { emitOne } from '../program/graph.ts';
import {
  add,
  batchNorm,
  batchNormInference,
  cast,
  composedBatchNorm,
  composedBatchNormInference,
  createGraph,
  feed,
  finish,
  multiply,
  signature,
  sizeOf,
  square,
  stopGradient,
  sum,
  type Tensor,
  tanh,
} from '../program/index.ts';
import { cases } from '../testing/cases.ts';
import { type Comparison, compare, type Differentiable, using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { samples } from '../testing/samples.ts';
import { gradients } from './gradients.ts';

/** The sum of the squares of all gradients of `f`: what a gradient penalty is made of. */
const penalty =
  (f: Differentiable['f']): Differentiable['f'] =>
  (inputs) =>
    gradients(f(inputs), Object.values(inputs))
      .map((slope) => sum(square(slope)))
      .reduce(add);

const penalties = Object.fromEntries(Object.entries(cases).map(([name, of]) => [name, { ...of, f: penalty(of.f) }]));
const functions = { first: cases, second: penalties };
const names = Object.keys(cases).flatMap((name) => [[name, 'first'] as const, [name, 'second'] as const]);

const known = new Map<Differentiable, readonly [string, Comparison][]>();
/** By input, compared once however often it is asked for. */
function comparisonsOf(name: string, order: keyof typeof functions): readonly [string, Comparison][] {
  const of = functions[order][name];
  if (!of) throw new RangeError(name);
  const comparisons = known.get(of) ?? Object.entries(compare(of));
  known.set(of, comparisons);
  return comparisons;
}

describe('gradients equal central differences', () => {
  test.each(names)('%s, %s order', (name, order) => {
    for (const [input, { rule, difference, error }] of comparisonsOf(name, order)) {
      expect(error, `${input}: ${rule} by the rules, ${difference} by differences`).toBeLessThanOrEqual(1e-5);
    }
  });

  test('to 1e-7 at the median of all cases and inputs, and to 1e-5 at the worst', () => {
    const comparisons = names.flatMap(([name, order]) => comparisonsOf(name, order));
    const sorted = comparisons.map(([, { error }]) => error).toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(200);
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(1e-7);
    expect(sorted.at(-1)).toBeLessThanOrEqual(1e-5);
  });
});

describe('rules', () => {
  /** Operations that no case can reach, and why. */
  const without: Readonly<Record<string, string>> = {
    read: 'has no inputs',
    readImages: 'has no inputs',
    randomNormal: 'is a function of an integer key',
    randomUniform: 'is a function of an integer key',
    randomBytes: 'is a function of an integer key',
    assign: 'has no outputs',
    adam: 'has no outputs',
    stopGradient: 'differs from its difference by design: see its test',
    batchNorm: 'is written out in float64: see its test',
    batchNormGradient: 'is written out in float64: see its test',
    batchNormInference: 'is written out in float64: see its test',
  };

  test('every operation is reached by a case, or there is a reason', () => {
    const reached = new Set<string>();
    for (const { shapes, f } of Object.values(penalties)) {
      const graph = createGraph({ precision: 'float64' });
      signature(graph, 'check', () => {
        const inputs = Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float64', shape)]);
        return { y: f(Object.fromEntries(inputs)) };
      });
      for (const { op } of graph.nodes) reached.add(op);
    }
    const unreached = Object.keys(kernels).filter((op) => !reached.has(op));
    expect(unreached.toSorted()).toEqual(Object.keys(without).toSorted());
  });

  test('an operation without one throws by its name', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const x = feed(graph, 'x', 'float32', [4, 2]);
      // All that give floats have a rule: this one pretends to give some.
      const odd = emitOne(graph, 'isFinite', [x], {}, x);
      expect(() => gradients(sum(odd), [x])).toThrow(/^isFinite has no gradient rule, at check\/isFinite$/);
      return { odd };
    });
  });

  test('a second output has no gradient', () => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const x = feed(graph, 'x', 'float32', [4, 1, 1, 2]);
      const vector = feed(graph, 'vector', 'float32', [2]);
      const { mean } = batchNorm(x, vector, vector, 1e-5);
      expect(() => gradients(mean, [x])).toThrow(/^batchNorm has a gradient for its first output only, at check/);
      return { mean };
    });
  });
});

/** Values of `build`'s fetches, where `x` is three normal numbers. */
function evaluated(build: (x: Tensor) => Record<string, Tensor>): (name: string) => ArrayLike<number> {
  const graph = createGraph();
  signature(graph, 'check', () => build(feed(graph, 'x', 'float32', [3])));
  const fetched = using(open(finish(graph)), (session) =>
    session.call('check', { x: { dtype: 'float32', shape: [3], data: samples(3) } }),
  );
  return (name) => fetched[name]?.data ?? [];
}

test('what does not depend on an input has a gradient of zeros', () => {
  const value = evaluated((x) => {
    const unused = add(x, x);
    return { slope: gradients(sum(x), [unused])[0] ?? x };
  });
  expect([...Array.from(value('slope'))]).toEqual([0, 0, 0]);
});

test('a stopped gradient is that of a constant, at each order', () => {
  const value = evaluated((x) => {
    const [slope = x] = gradients(multiply(square(x), stopGradient(tanh(x))), [x]);
    const [curvature = x] = gradients(slope, [x]);
    return { slope, curvature, same: stopGradient(x) };
  });
  samples(3).forEach((x, at) => {
    expect(value('same')[at]).toBe(x);
    expect(value('slope')[at]).toBeCloseTo(2 * x * Math.tanh(x), 5);
    expect(value('curvature')[at]).toBeCloseTo(2 * Math.tanh(x), 5);
  });
});

test('a gradient has the type of its input, whatever the type of the result', () => {
  const graph = createGraph();
  signature(graph, 'check', () => {
    const x = feed(graph, 'x', 'float32', [3]);
    const [slope] = gradients(square(cast(x, 'float64')), [x]);
    expect(slope).toMatchObject({ dtype: 'float32', shape: [3] });
    return { x };
  });
});

describe("batch norm's kernels in float32 equal the formula written out, and so do their gradients of both orders", () => {
  const shapes = { x: [4, 3, 5, 2], gain: [2], bias: [2], mean: [2], deviation: [2] };
  type Norm = (inputs: Record<keyof typeof shapes, Tensor>) => Tensor;
  const forms: Record<string, readonly [Norm, Norm]> = {
    'by the batch': [
      ({ x, gain, bias }) => batchNorm(x, gain, bias, 1e-3).y,
      ({ x, gain, bias }) => composedBatchNorm(x, gain, bias, 1e-3).y,
    ],
    // One vector in two places: its gradient is the sum of both, once.
    'by the batch, gain and bias the same': [
      ({ x, gain }) => batchNorm(x, gain, gain, 1e-3).y,
      ({ x, gain }) => composedBatchNorm(x, gain, gain, 1e-3).y,
    ],
    'by averages': [
      ({ x, deviation, ...values }) => batchNormInference(x, { ...values, variance: square(deviation) }, 0.1),
      ({ x, deviation, ...values }) => composedBatchNormInference(x, { ...values, variance: square(deviation) }, 0.1),
    ],
  };

  test.each(Object.entries(forms))('%s', (_, norms) => {
    const graph = createGraph();
    signature(graph, 'check', () => {
      const declared = Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float32', shape)]);
      const inputs: Record<keyof typeof shapes, Tensor> = Object.fromEntries(declared);
      const values = norms.map((norm) => {
        const y = tanh(norm(inputs));
        const slopes = gradients(y, Object.values(inputs));
        return [
          y,
          ...slopes,
          ...gradients(slopes.map((slope) => sum(square(slope))).reduce(add), Object.values(inputs)),
        ];
      });
      return Object.fromEntries(
        values.flatMap((tensors, form) => tensors.map((tensor, index) => [`${index}.${form}`, tensor])),
      );
    });
    const feeds = Object.entries(shapes).map(([name, shape], stream) => [
      name,
      { dtype: 'float32', shape, data: samples(sizeOf(shape), stream) },
    ]);
    const fetched = using(open(finish(graph)), (session) => session.call('check', Object.fromEntries(feeds)));
    for (let index = 0; index < 11; index++) {
      const [kernel, written] = [fetched[`${index}.0`]?.data ?? [], fetched[`${index}.1`]?.data ?? []];
      expect(kernel.length).toBeGreaterThan(0);
      // Rounding of sums over 60 elements: some 1e-6 of the largest.
      const largest = Math.max(...written.map(Math.abs));
      kernel.forEach((value, at) => {
        expect(Math.abs(value - (written[at] ?? Number.NaN)), `${index}`).toBeLessThanOrEqual(1e-5 * largest);
      });
    }
  });
});
