/** Spectral norm against singular values in closed form, its own recurrence, and central differences. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../engine/autodiff/gradients.ts';
import {
  constant,
  createGraph,
  feed,
  finish,
  type Graph,
  greaterEqual,
  multiply,
  read,
  type State,
  scalarLike,
  signature,
  square,
  state,
  sum,
  type Tensor,
} from '../../engine/program/index.ts';
import { initialise } from '../../engine/program/init.ts';
import { compare, using } from '../../engine/testing/differences.ts';
import { open } from '../../engine/testing/native.ts';
import { samples } from '../../engine/testing/samples.ts';
import { type SpectralNorm, spectralNorm } from './spectral-norm.ts';
import { at, count, expectClose, inner } from './testing/numbers.ts';

const shapes = [
  [3, 2],
  [2, 2],
  [3, 3, 4, 2],
] as const;

/** Columns of a kernel `[…, 2]`. */
const columnsOf = (kernel: readonly number[]) => [0, 1].map((column) => kernel.filter((_, i) => i % 2 === column));

/** Largest singular value of a kernel `[…, 2]`: the root of the larger eigenvalue of its 2 × 2 Gram matrix. */
function largestSingularValue(kernel: readonly number[]): number {
  const [a = [], b = []] = columnsOf(kernel);
  const [aa, ab, bb] = [inner(a, a), inner(a, b), inner(b, b)];
  return Math.sqrt((aa + bb) / 2 + Math.hypot((aa - bb) / 2, ab));
}

const unit = (vector: readonly number[]) => vector.map((value) => value / Math.sqrt(inner(vector, vector)));
const times = (kernel: readonly number[], u: readonly number[]) =>
  count(kernel.length / 2).map((row) => at(kernel, 2 * row) * at(u, 0) + at(kernel, 2 * row + 1) * at(u, 1));
/** The paper's step. */
function iterated(kernel: readonly number[], u: readonly number[]) {
  const v = unit(times(kernel, u));
  return { v, u: unit(columnsOf(kernel).map((column) => inner(column, v))) };
}

/** A kernel that is only looked at: `step` iterates once, and keeps the vector where it is told. */
function program(shape: readonly number[]) {
  const graph = createGraph({ precision: 'float64' });
  const kernel = state(graph, 'net/kernel', shape, { init: { kind: 'normal', deviation: 0.5 } });
  const bias = state(graph, 'net/bias', [2], { init: { kind: 'normal', deviation: 1 } });
  const spectral = spectralNorm(graph, [kernel]);
  signature(graph, 'step', () => {
    const told = feed(graph, 'keep', 'float32', []);
    const iteration = spectral.iterate(read);
    const values = iteration.normalised(read);
    iteration.keep(greaterEqual(told, scalarLike(told, 1)));
    return { kernel: values(kernel), again: values(kernel), bias: values(bias) };
  });
  initialise(graph, 3);
  return finish(graph);
}

const step = (session: ReturnType<typeof open>, keep = 1) =>
  session.call('step', { keep: { dtype: 'float64', shape: [], data: Float64Array.of(keep) } });
const stateOf = (session: ReturnType<typeof open>, name: string) => [...(session.read([name]).get(name)?.data ?? [])];

describe.each(shapes.map((shape) => ({ shape })))('of $shape', ({ shape }) => {
  test('converges to the largest singular value', () => {
    using(open(program(shape)), (session) => {
      session.call('init');
      const kernel = stateOf(session, 'net/kernel');
      for (let n = 0; n < 200; n++) step(session);
      const { kernel: divided, bias } = step(session);
      const sigma = largestSingularValue(kernel);
      expectClose(
        [...(divided?.data ?? [])],
        kernel.map((value) => value / sigma),
        9,
      );
      expect([...(bias?.data ?? [])]).toEqual(stateOf(session, 'net/bias'));
    });
  });

  test('is exactly one iteration of the power method a call', () => {
    using(open(program(shape)), (session) => {
      session.call('init');
      const kernel = stateOf(session, 'net/kernel');
      let u = stateOf(session, 'net/kernel/u');
      for (let n = 0; n < 3; n++) {
        const { kernel: divided, again } = step(session);
        const next = iterated(kernel, u);
        const sigma = inner(next.v, times(kernel, next.u));
        expectClose(stateOf(session, 'net/kernel/u'), next.u);
        expectClose(
          [...(divided?.data ?? [])],
          kernel.map((value) => value / sigma),
        );
        expect(again).toEqual(divided);
        u = next.u;
      }
    });
  });
});

test('a step that was not finite keeps the vector bit for bit', () => {
  using(open(program([3, 2])), (session) => {
    session.call('init');
    step(session);
    const before = session.read();
    step(session, 0);
    expect(session.read()).toEqual(before);
  });
});

test('its state is one vector a kernel, of a role of its own', () => {
  const { state } = program([3, 3, 4, 2]);
  expect(state.map(({ name, role, shape }) => [name, role, shape])).toEqual([
    ['net/kernel', 'weight', [3, 3, 4, 2]],
    ['net/bias', 'weight', [2]],
    ['net/kernel/u', 'singular', [2]],
  ]);
});

test('refuses what has no direction', () => {
  const graph = createGraph();
  const declare = (name: string, shape: number[], value: number) =>
    state(graph, name, shape, { init: { kind: 'fill', value } });
  expect(() => spectralNorm(graph, [declare('zero', [2, 2], 0)])).toThrow(/zero begins with zeros/);
  expect(() => spectralNorm(graph, [declare('bias', [2], 1)])).toThrow(/bias is no matrix/);
});

describe('the gradient', () => {
  const shape = [3, 2];
  const [start, direction] = [[...samples(6, 40)], [...samples(2, 41)]];

  const declared = new WeakMap<Graph, { state: State; spectral: SpectralNorm }>();
  function declaredIn(graph: Graph) {
    let known = declared.get(graph);
    if (!known) {
      const kernel = state(graph, 'kernel', shape, { init: { kind: 'normal', deviation: 1 } });
      known = { state: kernel, spectral: spectralNorm(graph, [kernel]) };
      declared.set(graph, known);
    }
    return known;
  }

  /** A function of `kernel` over its σ, with the vectors that one iteration by `seen` gives. */
  function weighed(kernel: Tensor, seen: Tensor): Tensor {
    const { graph } = kernel.node;
    const { state, spectral } = declaredIn(graph);
    const values = (of: Tensor) => (asked: State) => (asked === state ? of : constant(graph, direction));
    const divided = spectral.iterate(values(seen)).normalised(values(kernel))(state);
    return sum(multiply(square(divided), constant(graph, [1, 2, 3, 4, 5, 6], shape)));
  }

  test('is that of central differences where the vectors stay, first and second order', () => {
    const fixed = ({ node }: Tensor) => constant(node.graph, start, shape);
    const f = ({ kernel }: Readonly<Record<string, Tensor>>) => {
      if (!kernel) throw new RangeError('no kernel');
      return weighed(kernel, fixed(kernel));
    };
    const penalty: typeof f = (inputs) => sum(square(gradients(f(inputs), Object.values(inputs))[0] ?? f(inputs)));
    for (const order of [f, penalty]) {
      expect(compare({ shapes: { kernel: shape }, f: order }).kernel?.error).toBeLessThan(1e-8);
    }
  });

  test('does not go through the vectors', () => {
    const graph = createGraph({ precision: 'float64' });
    signature(graph, 'call', () => {
      const kernel = feed(graph, 'kernel', 'float64', shape);
      const slope = (seen: Tensor) => gradients(weighed(kernel, seen), [kernel])[0] ?? kernel;
      return { moving: slope(kernel), fixed: slope(constant(graph, start, shape)) };
    });
    using(open(finish(graph)), (session) => {
      const kernel = { dtype: 'float64', shape, data: Float64Array.from(start) } as const;
      const { moving, fixed } = session.call('call', { kernel });
      expectClose([...(moving?.data ?? [])], [...(fixed?.data ?? [])], 13);
    });
  });
});
