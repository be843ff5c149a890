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
  multiply,
  randomNormal,
  read,
  reshape,
  state,
  streamKey,
  sum,
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
  // A row of sums, which goes with its last use, has no room for a matrix.
  const rowOf = (x: Tensor) => sum(x, [0]);
  expect(activations((x) => multiply(add(x, rowOf(x)), x))).toBe(2 * MATRIX + MATRIX / 100);
});

test('another shape of a tensor is the same memory', () => {
  const inAnotherShape = (x: Tensor) => reshape(reshape(x, [10, 1000]), [100, 100]);
  const product = (x: Tensor) => matMul(x, x);
  expect(activations((x) => matMul(product(x), inAnotherShape(x)))).toBe(3 * MATRIX);
  expect(activations((x) => [product(x)].map((y) => matMul(inAnotherShape(y), y))[0] ?? x)).toBe(2 * MATRIX);
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
        // Each is added before the next is written.
        return {
          y: Array.from({ length: count }).reduce<Tensor>((y, _, stream) => add(y, noise(stream)), noise(count)),
        };
      }),
    ).activations;
  const matMulOnce = (x: Tensor) => matMul(x, x);
  expect(branches(6) - branches(3)).toBeGreaterThanOrEqual(3 * MATRIX);
});

test('what reads an updated state comes after all that the update needs', () => {
  const square = (x: Tensor) => matMul(x, x);
  const { activations } = estimate((graph) => {
    const weight = state(graph, 'weight', [100, 100], { init: { kind: 'fill', value: 0 } });
    signature(graph, 'call', () => {
      const x = square(feed(graph, 'x', 'float32', [100, 100]));
      const next = update(current(weight), matMul(square(x), x));
      return { y: square(square(read(next))) };
    });
  });
  expect(activations).toBe(2 * MATRIX);
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

test('a program that holds nothing costs what TensorFlow and Node.js take', () => {
  const { total } = estimate((graph) => signature(graph, 'call', () => ({ x: feed(graph, 'x', 'float32', []) })));
  expect(total).toBeGreaterThan(300e6);
  expect(total).toBeLessThan(450e6);
});

test('state is held in use and in copies for checkpoints, with some that allocators waste', () => {
  const of = (rows: number) =>
    estimate((graph) => {
      state(graph, 'weight', [rows, 1000], { init: { kind: 'fill', value: 0 } });
      initialise(graph, 1);
    });
  // Both more than what every process takes while it loads TensorFlow.
  const [small, large] = [of(10_000), of(20_000)];
  const more = large.state - small.state;
  expect(more).toBe(40e6);
  expect(large.total - small.total).toBeGreaterThan(3 * more);
  expect(large.total - small.total).toBeLessThan(4 * more);
});

test('images are bytes, in no checkpoint, and their files lie beside them while they are read', () => {
  const of = (count: number) =>
    estimate((graph) => {
      const init = { kind: 'images', shards: [{ file: '/none', count }] } as const;
      state(graph, 'images', [count, 20, 20, 1], { role: 'data', dtype: 'uint8', init });
      initialise(graph, 1);
    });
  const [small, large] = [of(100_000), of(200_000)];
  expect([small.state, small.data, large.data]).toEqual([0, 40e6, 80e6]);
  const more = large.data - small.data;
  expect(large.total - small.total).toBeGreaterThan(2 * more);
  expect(large.total - small.total).toBeLessThan(3 * more);
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
