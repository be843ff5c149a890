/** Estimates of memory against what can be counted by hand. */
import { expect, test } from 'vitest';
import {
  add,
  createGraph,
  current,
  feed,
  finish,
  type Graph,
  matMul,
  randomNormal,
  read,
  state,
  streamKey,
  type Tensor,
  tanh,
  update,
} from './index.ts';
import { initialise } from './init.ts';
import { estimateMemory, type MemoryEstimate } from './memory.ts';
import { signature } from './signature.ts';

/** Bytes of a float32 matrix of 100×100. */
const MATRIX = 40_000;

const estimate = (build: (graph: Graph) => void): MemoryEstimate => {
  const graph = createGraph();
  build(graph);
  return estimateMemory(finish(graph));
};
const activations = (f: (x: Tensor) => Tensor): number =>
  estimate((graph) => signature(graph, 'call', () => ({ y: f(feed(graph, 'x', 'float32', [100, 100])) }))).activations;

test('a chain holds what goes in and what comes out of one link', () => {
  expect(activations((x) => matMul(x, x))).toBe(2 * MATRIX);
  expect(activations((x) => [1, 2, 3, 4].reduce((y) => matMul(y, y), x))).toBe(2 * MATRIX);
});

test('arithmetic overwrites an operand that nobody else needs', () => {
  expect(activations((x) => tanh(tanh(tanh(x))))).toBe(MATRIX);
  expect(activations((x) => add(tanh(x), x))).toBe(2 * MATRIX);
});

test('what a later operation needs is held until then, as activations are for the gradient', () => {
  const kept = activations((x) => {
    const a = matMul(x, x);
    const b = matMul(a, a);
    const c = matMul(b, b);
    return matMul(matMul(c, b), a);
  });
  expect(kept).toBe(4 * MATRIX);
});

test('networks that do not wait for each other are alive at once, in whatever order they were written', () => {
  const key = (graph: Graph) => feed(graph, 'key', 'int32', [3]);
  const branches = (count: number) =>
    estimate((graph) =>
      signature(graph, 'call', () => {
        const shared = key(graph);
        const noise = (stream: number) => matMulOnce(randomNormal(streamKey(shared, `s${stream}`), [100, 100]));
        return { y: Array.from({ length: count }, (_, stream) => noise(stream)).reduce(add) };
      }),
    ).activations;
  const matMulOnce = (x: Tensor) => matMul(x, x);
  expect(branches(6) - branches(3)).toBeGreaterThanOrEqual(3 * MATRIX);
});

test('state counts once, whatever init makes of it, and a call that only reads it holds no copy', () => {
  const {
    state: bytes,
    data,
    activations,
  } = estimate((graph) => {
    const weight = state(graph, 'weight', [100, 100], { init: { kind: 'fill', value: 0 } });
    const moment = state(graph, 'moment', [100, 100], { role: 'optimizer', init: { kind: 'fill', value: 0 } });
    signature(graph, 'move', () => {
      const next = update(current(weight), read(moment));
      return { norm: read(next) };
    });
    initialise(graph, 1);
  });
  expect([bytes, data]).toEqual([2 * MATRIX, 0]);
  expect(activations).toBeLessThan(100);
});

test('a larger batch costs what its activations cost, beside the same state', () => {
  const of = (batch: number) =>
    estimate((graph) => {
      const weight = state(graph, 'weight', [100, 100], { init: { kind: 'fill', value: 0 } });
      signature(graph, 'call', () => ({ y: matMul(feed(graph, 'x', 'float32', [batch, 100]), read(weight)) }));
    });
  // More than what every process takes while it loads TensorFlow.
  const [one, ten] = [of(100_000), of(1_000_000)];
  expect(ten.activations).toBe(10 * one.activations);
  expect(ten.state).toBe(one.state);
  expect(ten.total - one.total).toBeGreaterThanOrEqual(ten.activations - one.activations);
});

test('whatever it computes, a process takes what TensorFlow needs to load', () => {
  const { total } = estimate((graph) => signature(graph, 'call', () => ({ y: feed(graph, 'x', 'float32', [1]) })));
  expect(total).toBeGreaterThan(350e6);
  expect(total).toBeLessThan(400e6);
});
