/** The behaviour of a session, on real TensorFlow. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  signature,
  state,
  streamKey,
  update,
} from '../program/index.ts';
import { initialise } from '../program/init.ts';
import type { Session, TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { nativeDir, open } from '../testing/native.ts';
import { describeNumerics } from './numerics.ts';
import { openSession } from './tensorflow.ts';

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

/** A file as NumPy writes it, with a header of any length. */
function writeNpy(file: string, shape: readonly number[], bytes: readonly number[], headerLength: number): void {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = Buffer.from(`${text.padEnd(headerLength - 1)}\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  writeFileSync(file, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, Buffer.from(bytes)]));
}

const workDir = mkdtempSync(join(tmpdir(), 'ganway-session-'));

function buildProgram(): Program {
  const shards = [
    { file: join(workDir, 'images-0.npy'), count: 2 },
    { file: join(workDir, 'images-1.npy'), count: 1 },
  ];
  writeNpy(join(workDir, 'images-0.npy'), [2, 1, 2, 1], [0, 1, 2, 3], 118);
  writeNpy(join(workDir, 'images-1.npy'), [1, 1, 2, 1], [254, 255], 246);
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
  signature(graph, 'pick', () => ({
    pixels: cast(gather(read(images), feed(graph, 'indices', 'int32', [4])), 'float32'),
  }));
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

describe('a session', () => {
  let session: Session;
  beforeAll(() => {
    session = openSession(buildProgram(), { nativeDir, workDir });
    session.call('init');
  });
  afterAll(() => session.close());

  test('leaves no file behind where it was opened', () => {
    expect(readdirSync(workDir).filter((name) => !name.endsWith('.npy'))).toEqual([]);
  });

  test('keeps its state from call to call', () => {
    session.call('init');
    expect(numbers(session.call('add', { term: float32(1, 2) }).total)).toEqual([1.5, 2.5]);
    expect(numbers(session.call('add', { term: float32(1, 2) }).total)).toEqual([2.5, 4.5]);
  });

  test('fetches bools as bytes', () => {
    const { finite } = session.call('add', { term: float32(Number.POSITIVE_INFINITY, Number.NaN) });
    expect(finite).toEqual({ dtype: 'bool', shape: [2], data: Uint8Array.of(0, 0) });
  });

  test('gathers from the shards of a data set, whatever the length of their headers', () => {
    const { pixels } = session.call('pick', { indices: int32(2, 0, 1, 2) });
    const data = Float32Array.of(254, 255, 0, 1, 2, 3, 254, 255);
    expect(pixels).toEqual({ dtype: 'float32', shape: [4, 1, 2, 1], data });
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

  test('names what does not fit', () => {
    expect(() => session.call('subtract')).toThrow(/no signature subtract, only add,pick,random,init/);
    expect(() => session.call('add')).toThrow(/add needs term/);
    expect(() => session.call('add', { term: float32(1, 2), other: float32(1) })).toThrow(
      /add takes no other, only term/,
    );
    expect(() => session.call('add', { term: float32(1) })).toThrow(/add's term is float32 \[2\], not float32 \[1\]/);
    expect(() => session.call('pick', { indices: float32(1, 2, 3, 4) })).toThrow(/is int32 \[4\], not float32 \[4\]/);
    expect(() => session.write(new Map([['missing', float32(1)]]))).toThrow(/no state missing/);
    expect(() => session.write(new Map([['total', float32(1)]]))).toThrow(/state total is float32 \[2\]/);
    expect(() => session.read(['images'])).toThrow(/no state images that a checkpoint holds/);
  });

  test('tells of an index beyond the data set and goes on', () => {
    expect(() => session.call('pick', { indices: int32(0, 1, 2, 3) })).toThrow(
      /TensorFlow: .*indices\[3\] = 3 is not in/,
    );
    expect(numbers(session.call('pick', { indices: int32(0, 0, 0, 0) }).pixels)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  test('holds the same number of handles after 200 calls', () => {
    const calls = () => {
      session.call('add', { term: float32(1, 2) });
      session.write(session.read());
      expect(() => session.call('pick', { indices: int32(9, 9, 9, 9) })).toThrow();
    };
    calls();
    const before = session.handles();
    for (let call = 0; call < 200; call++) calls();
    expect(session.handles()).toBe(before);
  });
});

describe('random numbers', () => {
  test('depend on each part of the key and on the stream, and on nothing else', () => {
    const draw = () =>
      using(openSession(buildProgram(), { nativeDir, workDir }), (session) => {
        const of = (...key: number[]) => session.call('random', { key: int32(...key) });
        const first = of(1, 2, 3);
        expect(of(1, 2, 3)).toEqual(first);
        const all = [first.a, first.b, of(0, 2, 3).a, of(1, 0, 3).a, of(1, 2, 0).a, of(2, 1, 3).a].map(numbers);
        expect(new Set(all.map(([value]) => value)).size).toBe(all.length);
        return all;
      });
    expect(draw()).toEqual(draw());
  });

  test('are normal, and dropout keeps the mean', () => {
    using(openSession(buildProgram(), { nativeDir, workDir }), (session) => {
      const { a, kept } = session.call('random', { key: int32(1, 2, 3) });
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      // Four standard errors of 1000 draws.
      expect(Math.abs(mean(numbers(a)))).toBeLessThan(4 / Math.sqrt(1000));
      expect(Math.abs(mean(numbers(a).map((value) => value * value)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 1000));
      expect(Math.abs(mean(numbers(kept)) - 1)).toBeLessThan(4 * Math.sqrt(0.3 / 0.7 / 999));
      expect(new Set(numbers(kept))).toEqual(new Set([0, Math.fround(256 / 179)]));
    });
  });
});

describe('initial values', () => {
  /** Values of `name` in a program with `others` beside it. */
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

  test('are a function of seed and name, whatever else the program holds', () => {
    const values = initial(7, 'kernel', []);
    expect(initial(7, 'kernel', ['one', 'another'])).toEqual(values);
    expect(initial(8, 'kernel', [])).not.toEqual(values);
    expect(initial(7, 'kernel2', [])).not.toEqual(values);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(new Set(values).size).toBeGreaterThan(95);
  });
});

describe('the native library', () => {
  test('where it is missing the message says what to run', () => {
    const options = { nativeDir: join(workDir, 'nowhere'), workDir };
    expect(() => openSession(buildProgram(), options)).toThrow(/is loaded|run npm start once/);
  });

  test('is described by what may change a bit', () => {
    const numerics = describeNumerics({ nativeDir, threads: 2, flags: ['TF_B=1', 'TF_A=0'] });
    expect(numerics).toMatchObject({
      executor: 'tensorflow',
      threads: 2,
      precision: 'float32',
      flags: ['TF_A=0', 'TF_B=1'],
    });
    expect(numerics.library).toMatch(/^TensorFlow \d+\.\d+\.\d+/);
    expect(numerics.device).toMatch(/^[cg]pu \S/);
    expect(numerics.instructionSet).toContain(process.arch);
  });
});
