/** Copies of programs: what stays, what goes, and in which order the rest runs. */
import { describe, expect, test } from 'vitest';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import {
  add,
  createGraph,
  current,
  feed,
  finish,
  multiply,
  type Program,
  read,
  scale,
  shift,
  signature,
  square,
  state,
  sum,
  update,
} from './index.ts';
import { initialise } from './init.ts';
import { transform } from './transform.ts';

/** Doubles a state, reading it before and after, beside nodes that nobody needs. */
function doubling(): Program {
  const graph = createGraph();
  const total = state(graph, 'total', [2], { init: { kind: 'fill', value: 3 } });
  signature(graph, 'double', () => {
    const before = read(total);
    square(scale(before, 7));
    feed(graph, 'ignored', 'float32', [1]);
    const after = update(current(total), multiply(before, feed(graph, 'factor', 'float32', [2])));
    return { before: sum(before), after: sum(read(after)) };
  });
  initialise(graph, 0);
  return finish(graph);
}

const vector = (...data: number[]) =>
  ({ dtype: 'float32', shape: [data.length], data: Float32Array.from(data) }) as const;

function call(program: Program): number[] {
  return using(open(program), (session) => {
    session.call('init');
    const feeds = { factor: vector(2, 2), ignored: vector(0) };
    return [session.call('double', feeds), session.call('double', feeds)].flatMap(({ before, after }) => [
      before?.data[0] ?? Number.NaN,
      after?.data[0] ?? Number.NaN,
    ]);
  });
}

describe('a copy', () => {
  test('computes the same, reads and updates in the same order', () => {
    expect(call(doubling())).toEqual([6, 12, 12, 24]);
    expect(call(transform(doubling(), () => null))).toEqual([6, 12, 12, 24]);
  });

  test('keeps names and feeds, and leaves out what nobody needs', () => {
    const program = doubling();
    const copy = transform(program, () => null);
    const names = new Set(copy.nodes.map(({ name }) => name));
    const own = program.nodes.filter(({ signature }) => signature === 'double').map(({ name }) => name);
    const gone = own.filter((name) => !names.has(name));
    expect(gone).toEqual(['double/multiply', 'double/square']);
    expect(Object.keys(copy.signatures.double?.feeds ?? {})).toEqual(['ignored', 'factor']);
  });

  test('leaves the original as it was', () => {
    const program = doubling();
    const before = program.nodes.length;
    transform(program, (node, [a, b]) => (node.op === 'multiply' && a && b ? [multiply(b, a)] : null));
    expect(program.nodes.length).toBe(before);
    expect(call(program)).toEqual([6, 12, 12, 24]);
  });
});

describe('a replacement', () => {
  test('is used by all that used the node, and is named below it', () => {
    const program = doubling();
    const copy = transform(program, (node, [a, b]) =>
      node.op === 'multiply' && a && b ? [shift(add(multiply(a, b), a), 1)] : null,
    );
    // 3 → 3 · 2 + 3 + 1 = 10 → 10 · 2 + 10 + 1 = 31, twice each.
    expect(call(copy)).toEqual([6, 20, 20, 62]);
    expect(copy.nodes.map(({ name }) => name)).toContain('double/multiply_1/add_1');
  });

  test('of another type is refused', () => {
    const wrong = () => transform(doubling(), (node, [a]) => (node.op === 'multiply' && a ? [sum(a)] : null));
    expect(wrong).toThrow(/double\/multiply_1 is replaced by another type/);
  });
});
