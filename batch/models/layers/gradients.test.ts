/** Gradients of every layer, to its input and its weights, against central differences: first and second order. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../engine/autodiff/gradients.ts';
import {
  add,
  constant,
  createGraph,
  type Graph,
  multiply,
  type Shape,
  type State,
  sizeOf,
  square,
  sum,
  type Tensor,
} from '../../engine/program/index.ts';
import { compare, type Differentiable } from '../../engine/testing/differences.ts';
import {
  attention,
  basisInput,
  basisOutput,
  batchNorm,
  conditionalBatchNorm,
  downsampling,
  groupNorm,
  instanceNorm,
  type Layer,
  layerNorm,
  minibatchDeviation,
  type Normalisation,
  pixelNorm,
  projection,
  residual,
  upsampling,
} from './index.ts';

interface Case {
  readonly x: Shape;
  readonly declare: (graph: Graph, name: string) => Layer;
}

const image = [4, 3, 5, 4];
const size = { height: 3, width: 5, channels: 4 };
const byBatch: Normalisation = { by: 'batch', observe: () => {} };
const labels = (graph: Graph) => constant(graph, [2, 0, 2, 1], [4], 'int32');

const cases: Readonly<Record<string, Case>> = {
  attention: { x: image, declare: (graph, name) => attention(graph, name, { channels: 4, inner: 2 }) },
  'basis input': { x: [4, 4], declare: (graph, name) => basisInput(graph, name, size) },
  'basis output': { x: image, declare: (graph, name) => basisOutput(graph, name, size) },
  'batch norm': {
    x: image,
    declare(graph, name) {
      const { weights, apply } = batchNorm(graph, name, 4);
      return { weights, apply: (x, values) => apply(x, values, byBatch) };
    },
  },
  'conditional batch norm': {
    x: image,
    declare(graph, name) {
      const { weights, apply } = conditionalBatchNorm(graph, name, { features: 4, classes: 3 });
      return { weights, apply: (x, values) => apply(x, labels(graph), values, byBatch) };
    },
  },
  'group norm': { x: image, declare: (graph, name) => groupNorm(graph, name, { channels: 4, groups: 2 }) },
  'instance norm': { x: image, declare: (graph, name) => instanceNorm(graph, name, 4) },
  'layer norm': { x: [4, 6], declare: (graph, name) => layerNorm(graph, name, 6) },
  'minibatch deviation': {
    x: image,
    declare: (_, name) => ({ weights: [], apply: (x) => minibatchDeviation(name, x, 2) }),
  },
  'pixel norm': { x: image, declare: () => ({ weights: [], apply: pixelNorm }) },
  projection: {
    x: [4, 5],
    declare(graph, name) {
      const { weights, apply } = projection(graph, name, { features: 5, classes: 3 });
      return { weights, apply: (x, values) => apply(x, labels(graph), values) };
    },
  },
  residual: { x: image, declare: (graph, name) => residual(graph, name, { channels: 4 }) },
  upsampling: { x: image, declare: (graph, name) => upsampling(graph, name, { size: 3, inputs: 4, outputs: 2 }) },
  downsampling: { x: image, declare: (graph, name) => downsampling(graph, name, { size: 3, inputs: 4, outputs: 2 }) },
};

/** A layer as a function of its input and its weights, all fed; its state is declared once in a graph. */
function functionOf(name: string, { x, declare }: Case): Differentiable {
  const state = name.replaceAll(' ', '-');
  const known = new WeakMap<Graph, Layer>();
  const layerIn = (graph: Graph) => {
    const layer = known.get(graph) ?? declare(graph, state);
    known.set(graph, layer);
    return layer;
  };
  const { weights } = declare(createGraph(), state);
  return {
    shapes: Object.fromEntries([['x', x], ...weights.map(({ name, shape }): [string, Shape] => [name, shape])]),
    f({ x, ...weights }) {
      if (!x) throw new RangeError('no x');
      return weighed(layerIn(x.node.graph).apply(x, ({ name }: State) => weights[name] ?? x));
    },
    // So short that a LeakyReLU seldom has its kink between the points.
    step: 1e-5,
  };
}

/** `y²`, weighed by numbers that tell its elements apart. */
function weighed(y: Tensor): Tensor {
  const weights = Array.from({ length: sizeOf(y.shape) }, (_, index) => Math.cos(index * index) + 1.5);
  return multiply(square(y), constant(y.node.graph, weights, y.shape));
}

/** The sum of the squares of all gradients of `f`: what a gradient penalty is made of. */
const penalty = ({ f, ...of }: Differentiable): Differentiable => ({
  ...of,
  f: (inputs) =>
    gradients(f(inputs), Object.values(inputs))
      .map((slope) => sum(square(slope)))
      .reduce(add),
});

describe.each([
  ['first', (of: Differentiable) => of],
  ['second', penalty],
] as const)('%s order', (_, ofOrder) => {
  test.each(Object.entries(cases))('%s', (name, of) => {
    const comparisons = Object.entries(compare(ofOrder(functionOf(name, of))));
    expect(comparisons.length).toBeGreaterThan(0);
    for (const [input, { rule, difference, error }] of comparisons) {
      expect(error, `${input}: ${rule} by the rules, ${difference} by differences`).toBeLessThan(1e-6);
    }
  });
});
