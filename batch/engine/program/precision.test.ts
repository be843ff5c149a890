/** A program in float64: the same declarations and random numbers, and all digits in and out. */
import { expect, test } from 'vitest';
import type { TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import {
  adamUpdate,
  add,
  cast,
  createGraph,
  current,
  feed,
  finish,
  leakyRelu,
  type Precision,
  type Program,
  randomNormal,
  randomUniform,
  read,
  scale,
  signature,
  state,
  streamKey,
  update,
} from './index.ts';
import { initialise } from './init.ts';

const float64 = (...data: number[]): TensorValue => ({
  dtype: 'float64',
  shape: [data.length],
  data: Float64Array.from(data),
});
const float32 = (...data: number[]): TensorValue => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});

/** Written as models are: nothing in it says float64. */
function buildProgram(precision: Precision): Program {
  const graph = createGraph({ precision });
  const total = state(graph, 'total', [2], { init: { kind: 'fill', value: 0.1 } });
  const weight = state(graph, 'weight', [3], { init: { kind: 'normal', deviation: 0.02 } });
  const [first, second] = ['first', 'second'].map((name) =>
    state(graph, name, [3], { role: 'optimizer', init: { kind: 'fill', value: 0 } }),
  ) as [typeof weight, typeof weight];
  signature(graph, 'add', () => {
    const sum = add(read(total), feed(graph, 'term', 'float32', [2]));
    return { total: read(update(current(total), sum)), third: scale(sum, 1 / 3) };
  });
  signature(graph, 'draw', () => {
    const key = feed(graph, 'key', 'int32', [3]);
    const drawn = {
      normal: randomNormal(streamKey(key, 'n'), [100]),
      uniform: randomUniform(streamKey(key, 'u'), [99]),
    };
    return { ...drawn, kinked: leakyRelu(drawn.normal, 0.2), whole: cast(drawn.normal, 'int32') };
  });
  signature(graph, 'adam', () => {
    const scalar = (name: string) => feed(graph, name, 'float32', []);
    const rates = { rate: scalar('rate'), beta1: scalar('beta1'), beta2: scalar('beta2'), epsilon: scalar('epsilon') };
    const versions = { weight: current(weight), first: current(first), second: current(second) };
    return { weight: read(adamUpdate(versions, feed(graph, 'gradient', 'float32', [3]), rates).weight) };
  });
  initialise(graph, 1);
  return finish(graph);
}

test('holds, takes and gives sixteen digits', () => {
  using(open(buildProgram('float64')), (session) => {
    session.call('init');
    expect(session.read(['total']).get('total')).toEqual(float64(0.1, 0.1));
    const { total, third } = session.call('add', { term: float64(Math.PI, 1e-300) });
    expect(total).toEqual(float64(0.1 + Math.PI, 0.1));
    expect(third).toEqual(float64((0.1 + Math.PI) * (1 / 3), 0.1 * (1 / 3)));
    const odd = float64(-0, Number.MIN_VALUE);
    session.write(new Map([['total', odd]]));
    expect(session.read(['total']).get('total')).toEqual(odd);
  });
});

test('takes float32 for float64, and nothing else', () => {
  using(open(buildProgram('float64')), (session) => {
    session.call('init');
    session.write(new Map([['total', float32(0.5, 1)]]));
    expect(session.call('add', { term: float32(0.25, 0) }).total).toEqual(float64(0.75, 1));
    const whole: TensorValue = { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) };
    expect(() => session.call('add', { term: whole })).toThrow(/add's term is float64 \[2\], not int32 \[2\]/);
  });
  using(open(buildProgram('float32')), (session) => {
    expect(() => session.call('add', { term: float64(1, 2) })).toThrow(
      /add's term is float32 \[2\], not float64 \[2\]/,
    );
  });
});

test('draws the numbers of float32, and begins with its weights up to rounding', () => {
  const key: TensorValue = { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) };
  const draw = (precision: Precision): Record<string, TensorValue | undefined> =>
    using(open(buildProgram(precision)), (session) => {
      session.call('init');
      return { ...session.call('draw', { key }), weight: session.read(['weight']).get('weight') };
    });
  const [short, long] = [draw('float32'), draw('float64')];
  for (const name of ['normal', 'uniform']) {
    expect(long[name]?.dtype).toBe('float64');
    expect(Float32Array.from(long[name]?.data ?? [])).toEqual(short[name]?.data);
  }
  expect(long.whole).toEqual(short.whole);
  const exact = long.weight?.data ?? [];
  expect(exact.length).toBe(3);
  exact.forEach((value, at) => {
    expect(short.weight?.data[at]).toBeCloseTo(value, 8);
  });
  // A slope of 0.2 in float32 is one of 0.200000003.
  const slopes = Float64Array.from(long.normal?.data ?? [], (x) => (x > 0 ? x : 0.2 * x));
  expect(long.kinked?.data).toEqual(slopes);
});

test("Adam's update is that of the formula", () => {
  const [rate, beta1, beta2, epsilon] = [0.1, 0.5, 0.999, 1e-8];
  const gradient = [0.3, -2, 1e-3];
  const scalars = Object.fromEntries(
    Object.entries({ rate, beta1, beta2, epsilon }).map(([name, value]) => [name, { ...float64(value), shape: [] }]),
  );
  using(open(buildProgram('float64')), (session) => {
    session.call('init');
    const before = session.read(['weight']).get('weight')?.data ?? [];
    const after = session.call('adam', { gradient: float64(...gradient), ...scalars }).weight?.data ?? [];
    gradient.forEach((g, at) => {
      const step = (rate * (1 - beta1) * g) / (Math.sqrt((1 - beta2) * g * g) + epsilon);
      expect(after[at]).toBeCloseTo((before[at] ?? Number.NaN) - step, 14);
    });
  });
});
