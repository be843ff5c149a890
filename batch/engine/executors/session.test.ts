/** The behaviour of a session: one suite over all executors. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { EngineError, type EngineErrorCode } from '../errors.ts';
import { scope } from '../program/graph.ts';
import {
  add,
  areFinite,
  cast,
  createGraph,
  current,
  dropout,
  feed,
  filled,
  finish,
  gather,
  type Program,
  randomBytes,
  randomNormal,
  read,
  scale,
  shift,
  signature,
  state,
  streamKey,
  update,
} from '../program/index.ts';
import { initialise } from '../program/init.ts';
import { REVISION } from '../revision.ts';
import type { Session, TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { nativeDir } from '../testing/native.ts';
import { describeNumerics } from './numerics.ts';
import { openSession } from './open.ts';
import { executors } from './testing/executors.ts';

const int32 = (...data: number[]): TensorValue => ({
  dtype: 'int32',
  shape: [data.length],
  data: Int32Array.from(data),
});
const float32 = (...data: number[]): TensorValue => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});
const numbers = (value: TensorValue | undefined): number[] => [...(value?.data ?? [])];

/** The EngineError of a call that has to fail. */
function errorOf(call: () => unknown): { code: EngineErrorCode; message: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('It did not fail.');
}

/** A file as NumPy writes it, with a header of any length. */
function writeNpy(file: string, shape: readonly number[], bytes: readonly number[], headerLength: number): void {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = Buffer.from(`${text.padEnd(headerLength - 1)}\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  writeFileSync(file, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, Buffer.from(bytes)]));
}

const folder = temporaryFolder();

function buildProgram(): Program {
  const shards = [
    { file: join(folder, 'images-0.npy'), count: 2 },
    { file: join(folder, 'images-1.npy'), count: 1 },
  ];
  writeNpy(join(folder, 'images-0.npy'), [2, 1, 2, 1], [0, 1, 2, 3], 118);
  writeNpy(join(folder, 'images-1.npy'), [1, 1, 2, 1], [254, 255], 246);
  const graph = createGraph();
  const images = state(graph, 'images', [3, 1, 2, 1], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards },
  });
  const total = state(graph, 'total', [2], { init: { kind: 'fill', value: 0.5 } });
  state(graph, 'count', [1], { dtype: 'int32', role: 'optimizer', init: { kind: 'fill', value: 7 } });
  signature(graph, 'add', () => {
    const next = update(current(total), add(read(total), feed(graph, 'term', 'float32', [2])));
    return { total: read(next), finite: areFinite(read(next)) };
  });
  signature(graph, 'versions', () => {
    const before = current(total);
    const middle = update(before, shift(read(before), 1));
    const last = update(middle, scale(read(middle), 10));
    // `before` has been overwritten twice by the time this is written down: its read still comes first.
    return { last: read(last), middle: read(middle), before: read(before), sum: add(read(before), read(last)) };
  });
  signature(graph, 'wander', () => {
    const step = randomNormal(streamKey(feed(graph, 'key', 'int32', [3]), 'step'), [2]);
    return { total: read(update(current(total), add(scale(read(total), 0.9), step))) };
  });
  signature(graph, 'pick', () => {
    const indices = feed(graph, 'indices', 'int32', [4]);
    const pixels = scope(graph, 'batch', () => cast(gather(read(images), indices), 'float32'));
    return { pixels, indices };
  });
  signature(graph, 'random', () => {
    const key = feed(graph, 'key', 'int32', [3]);
    return {
      a: randomNormal(streamKey(key, 'a'), [1000]),
      b: randomNormal(streamKey(key, 'b'), [1000]),
      kept: dropout(filled(graph, 1, [3, 333]), 0.3, randomBytes(streamKey(key, 'dropout'), [3, 333])),
    };
  });
  initialise(graph, 42);
  return finish(graph);
}

describe.each(executors)('a session on $name', ({ open }) => {
  const start = (): Session => {
    const session = open(buildProgram());
    session.call('init');
    return session;
  };
  let session: Session;
  beforeAll(() => {
    session = start();
  });
  afterAll(() => session.close());

  test('keeps its state from call to call', () => {
    session.call('init');
    expect(numbers(session.call('add', { term: float32(1, 2) }).total)).toEqual([1.5, 2.5]);
    expect(numbers(session.call('add', { term: float32(1, 2) }).total)).toEqual([2.5, 4.5]);
  });

  test('has its state for itself', () => {
    session.call('init');
    using(start(), (other) => {
      other.call('add', { term: float32(1, 2) });
      expect(numbers(session.read(['total']).get('total'))).toEqual([0.5, 0.5]);
    });
    expect(numbers(session.read(['total']).get('total'))).toEqual([0.5, 0.5]);
  });

  test('reads each version of a state, in whatever order they were written', () => {
    session.call('init');
    const call = () => Object.entries(session.call('versions')).map(([name, { data }]) => [name, [...data]]);
    expect(Object.fromEntries(call())).toEqual({
      before: [0.5, 0.5],
      middle: [1.5, 1.5],
      last: [15, 15],
      sum: [15.5, 15.5],
    });
    expect(Object.fromEntries(call())).toMatchObject({ before: [15, 15], middle: [16, 16], last: [160, 160] });
  });

  test('fetches floats, integers, and bools as bytes', () => {
    const { finite } = session.call('add', { term: float32(Number.POSITIVE_INFINITY, Number.NaN) });
    expect(finite).toEqual({ dtype: 'bool', shape: [2], data: Uint8Array.of(0, 0) });
    const { pixels, indices } = session.call('pick', { indices: int32(2, 0, 1, 2) });
    expect(indices).toEqual(int32(2, 0, 1, 2));
    expect(pixels?.dtype).toBe('float32');
  });

  test('gathers from the shards of a data set, whatever the length of their headers', () => {
    const { pixels } = session.call('pick', { indices: int32(2, 0, 1, 2) });
    const data = Float32Array.of(254, 255, 0, 1, 2, 3, 254, 255);
    expect(pixels).toEqual({ dtype: 'float32', shape: [4, 1, 2, 1], data });
  });

  test('copies what goes in and what comes out', () => {
    session.call('init');
    const term = { ...float32(0, 0), data: Float32Array.of(9, 1, 2, 9).subarray(1, 3) };
    const { total } = session.call('add', { term });
    expect(numbers(total)).toEqual([1.5, 2.5]);
    term.data.fill(100);
    total?.data.fill(100);
    const state = session.read();
    state.get('total')?.data.fill(100);
    session.write(new Map([['count', int32(1)]]));
    expect(numbers(session.read().get('total'))).toEqual([1.5, 2.5]);
  });

  test('reads all state but the data set, and writes it back bit for bit', () => {
    session.call('init');
    const odd = float32(-0, 1.1754943508222875e-38);
    session.write(new Map([['total', odd]]));
    const saved = session.read();
    expect([...saved.keys()]).toEqual(['total', 'count']);
    session.call('init');
    session.write(saved);
    expect(session.read()).toEqual(saved);
    expect(saved.get('total')).toEqual(odd);
    expect(saved.get('count')).toEqual(int32(7));
  });

  test('reads and writes a part of the state and leaves the rest alone', () => {
    session.call('init');
    session.write(new Map([['count', int32(3)]]));
    expect(session.read(['count'])).toEqual(new Map([['count', int32(3)]]));
    expect(session.read(['count', 'total'])).toEqual(
      new Map([
        ['count', int32(3)],
        ['total', float32(0.5, 0.5)],
      ]),
    );
    session.write(new Map());
    expect(session.read([])).toEqual(new Map());
  });

  test('continues bit for bit from what was read', () => {
    const wander = (session: Session, from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => session.call('wander', { key: int32(1, 2, from + n) }).total);
    session.call('init');
    wander(session, 0, 5);
    const saved = session.read();
    const undisturbed = wander(session, 5, 10);
    expect(new Set(undisturbed.map((value) => numbers(value)[0])).size).toBe(5);
    using(open(buildProgram()), (resumed) => {
      resumed.write(saved);
      expect(wander(resumed, 5, 10)).toEqual(undisturbed);
    });
  });

  test('names what does not fit', () => {
    const call = (name: string, feeds?: Record<string, TensorValue>) => errorOf(() => session.call(name, feeds));
    expect(call('subtract')).toEqual({
      code: 'SIGNATURE',
      message: 'no signature subtract, only add,versions,wander,pick,random,init',
    });
    expect(call('add')).toEqual({ code: 'FEED', message: 'add needs term' });
    expect(call('add', { term: float32(1, 2), other: float32(1) }).message).toBe('add takes no other, only term');
    expect(call('add', { term: float32(1) }).message).toBe("add's term is float32 [2], not float32 [1] of 1");
    expect(call('add', { term: { ...float32(1), shape: [2] } }).message).toMatch(/not float32 \[2\] of 1$/);
    expect(call('pick', { indices: float32(1, 2, 3, 4) }).message).toMatch(/is int32 \[4\], not float32 \[4\]/);
    const write = (name: string, value: TensorValue) => errorOf(() => session.write(new Map([[name, value]])));
    expect(write('missing', float32(1))).toEqual({ code: 'FEED', message: 'no state missing that a checkpoint holds' });
    expect(write('total', float32(1)).message).toMatch(/state total is float32 \[2\]/);
    expect(errorOf(() => session.read(['images'])).message).toBe('no state images that a checkpoint holds');
  });

  test('refuses types that cannot pass before it opens', () => {
    const graph = createGraph();
    signature(graph, 'bytes', () => ({ y: cast(feed(graph, 'x', 'float32', [2]), 'uint8') }));
    const { code, message } = errorOf(() => open(finish(graph)));
    expect(code).toBe('FEED');
    expect(message).toMatch(/bytes's fetch y is uint8, and only float32, float64, int32, bool pass/);
  });

  test('says that a state has no value yet', () => {
    using(open(buildProgram()), (unset) => {
      const message = 'state total has no value yet: call init or write it first';
      expect(errorOf(() => unset.call('add', { term: float32(1, 2) }))).toEqual({ code: 'STATE', message });
      expect(errorOf(() => unset.read(['total']))).toEqual({ code: 'STATE', message });
    });
  });

  test('names the place in the program where a call failed, and goes on', () => {
    const { code, message } = errorOf(() => session.call('pick', { indices: int32(0, 1, 2, 3) }));
    expect(code).toBe('NATIVE');
    expect(message).toMatch(
      /^gather of \[3, 1, 2, 1\] and \[4\] at pick\/batch\/gather: .* 3 is not in \[0, [23][\])]$/,
    );
    expect(numbers(session.call('pick', { indices: int32(0, 0, 0, 0) }).pixels)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  test('is closed once and for all', () => {
    const closed = start();
    closed.close();
    closed.close();
    for (const use of [() => closed.call('init'), () => closed.read(), () => closed.write(new Map())]) {
      expect(errorOf(use)).toEqual({ code: 'FEED', message: 'the session is closed' });
    }
  });

  test('holds the same number of handles after 200 calls, and none when closed', () => {
    const before = session.handles();
    const other = start();
    const calls = () => {
      other.call('add', { term: float32(1, 2) });
      other.write(other.read());
      expect(() => other.call('pick', { indices: int32(9, 9, 9, 9) })).toThrow();
    };
    calls();
    const during = other.handles();
    expect(during).toBeGreaterThan(before);
    for (let call = 0; call < 200; call++) calls();
    expect(other.handles()).toBe(during);
    other.close();
    expect(session.handles()).toBe(before);
  });

  test('draws numbers that depend on each part of the key and on the stream, and on nothing else', () => {
    const draw = () =>
      using(open(buildProgram()), (session) => {
        const of = (...key: number[]) => session.call('random', { key: int32(...key) });
        const first = of(1, 2, 3);
        expect(of(1, 2, 3)).toEqual(first);
        const all = [first.a, first.b, of(0, 2, 3).a, of(1, 0, 3).a, of(1, 2, 0).a, of(2, 1, 3).a].map(numbers);
        expect(new Set(all.map(([value]) => value)).size).toBe(all.length);
        return all;
      });
    expect(draw()).toEqual(draw());
  });

  test('draws normal numbers, and dropout keeps the mean', () => {
    const { a, kept } = session.call('random', { key: int32(1, 2, 3) });
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Four standard errors of 1000 draws.
    expect(Math.abs(mean(numbers(a)))).toBeLessThan(4 / Math.sqrt(1000));
    expect(Math.abs(mean(numbers(a).map((value) => value * value)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 1000));
    expect(Math.abs(mean(numbers(kept)) - 1)).toBeLessThan(4 * Math.sqrt(0.3 / 0.7 / 999));
    expect(new Set(numbers(kept))).toEqual(new Set([0, Math.fround(256 / 179)]));
  });

  test('begins with values that are a function of seed and name, whatever else the program holds', () => {
    const initial = (seed: number, name: string, others: readonly string[]): number[] => {
      const graph = createGraph();
      for (const other of others) state(graph, other, [50], { init: { kind: 'normal', deviation: 0.02 } });
      state(graph, name, [100], { init: { kind: 'uniform', limit: 0.5 } });
      initialise(graph, seed);
      return using(open(finish(graph)), (session) => {
        session.call('init');
        return numbers(session.read([name]).get(name));
      });
    };
    const values = initial(7, 'kernel', []);
    expect(initial(7, 'kernel', ['one', 'another'])).toEqual(values);
    expect(initial(8, 'kernel', [])).not.toEqual(values);
    expect(initial(7, 'kernel2', [])).not.toEqual(values);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(new Set(values).size).toBeGreaterThan(95);
  });
});

describe.each(executors.filter(({ name }) => name !== 'portable'))('TensorFlow by $name', ({ name }) => {
  const executor = name === 'portable' ? null : name;

  test('leaves no file behind where a session was opened', () => {
    const workDir = mkdtempSync(join(folder, 'work-'));
    using(openSession(buildProgram(), { nativeDir, executor, workDir }), (session) => session.call('init'));
    expect(readdirSync(workDir)).toEqual([]);
  });

  test('carries float64 in and out, bit for bit', () => {
    const graph = createGraph();
    signature(graph, 'echo', () => ({ x: feed(graph, 'x', 'float64', [3]) }));
    const x = { dtype: 'float64', shape: [3], data: Float64Array.of(1 / 3, -0, 2 ** -1060) } as const;
    using(openSession(finish(graph), { nativeDir, executor, workDir: folder }), (session) => {
      expect(session.call('echo', { x }).x).toEqual(x);
    });
  });

  test('where it is missing the message says what to run', () => {
    const options = { nativeDir: join(folder, 'nowhere'), executor, workDir: folder };
    expect(errorOf(() => openSession(buildProgram(), options))).toMatchObject({
      code: 'NATIVE',
      message: expect.stringMatching(/nowhere\/\S+ is missing: run npm start once/),
    });
  });

  test('is described by what may change a bit', () => {
    const numerics = describeNumerics({ nativeDir, executor, threads: 2, flags: ['TF_B=1', 'TF_A=0'] });
    expect(numerics).toMatchObject({
      executor: name,
      engine: REVISION,
      threads: 2,
      precision: 'float32',
      flags: ['TF_A=0', 'TF_B=1'],
    });
    expect(numerics.library).toMatch(/^TensorFlow \d+\.\d+\.\d+/);
    expect(numerics.device).toMatch(/^[cg]pu \S/);
    expect(numerics.instructionSet).toContain(process.arch);
  });

  test('computes products in what was asked for, but for TF32, which no processor has', () => {
    const described = (precision: 'TF32' | 'BF16') =>
      describeNumerics({ nativeDir, executor, threads: 2, flags: [], precision });
    expect(described('BF16').precision).toBe('bfloat16');
    const { device, precision } = described('TF32');
    expect(precision).toBe(device.startsWith('gpu') ? 'tf32' : 'float32');
  });
});
