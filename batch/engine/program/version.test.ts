/** State is read and updated without ambiguity, or the program is not built. */
import { expect, test } from 'vitest';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import {
  add,
  createGraph,
  current,
  feed,
  finish,
  read,
  type State,
  scale,
  shift,
  signature,
  state,
  update,
} from './index.ts';
import { initialise } from './init.ts';

function counter(build: (value: State) => void): ReturnType<typeof createGraph> {
  const graph = createGraph();
  const value = state(graph, 'value', [2], { init: { kind: 'fill', value: 3 } });
  signature(graph, 'call', () => {
    build(value);
    return { done: feed(graph, 'unused', 'float32', []) };
  });
  return graph;
}

test('reading a state that the signature has updated is ambiguous', () => {
  expect(() =>
    counter((value) => {
      update(current(value), scale(read(value), 2));
      read(value);
    }),
  ).toThrow(/value has been updated in call: read the version that the update returned/);
});

test('updating an old version is refused', () => {
  expect(() =>
    counter((value) => {
      const before = current(value);
      update(before, scale(read(before), 2));
      update(before, scale(read(before), 3));
    }),
  ).toThrow(/version 0 is not its newest/);
});

test('a version of another signature is refused', () => {
  const graph = createGraph();
  const value = state(graph, 'value', [2], { init: { kind: 'fill', value: 3 } });
  let foreign = null as ReturnType<typeof current> | null;
  signature(graph, 'one', () => {
    foreign = current(value);
    return { value: read(value) };
  });
  signature(graph, 'two', () => {
    expect(() => read(foreign ?? value)).toThrow(/belongs to another signature than two/);
    return { value: read(value) };
  });
});

test('two states of one name are refused', () => {
  const graph = createGraph();
  const declare = () => state(graph, 'value', [], { init: { kind: 'fill', value: 0 } });
  declare();
  expect(declare).toThrow(/state value is declared twice/);
});

test('state stands in no expression outside of a signature', () => {
  const graph = createGraph();
  const value = state(graph, 'value', [], { init: { kind: 'fill', value: 0 } });
  expect(() => read(value)).toThrow(/read inside a signature only/);
});

test('each read sees its version, in whatever order they were written', () => {
  const graph = createGraph();
  const value = state(graph, 'value', [2], { init: { kind: 'fill', value: 3 } });
  signature(graph, 'call', () => {
    const before = current(value);
    const middle = update(before, shift(read(before), 1));
    const last = update(middle, scale(read(middle), 10));
    // `before` has been overwritten twice by the time this is written down: its read still comes first.
    return { last: read(last), middle: read(middle), before: read(before), sum: add(read(before), read(last)) };
  });
  initialise(graph, 0);
  using(open(finish(graph)), (session) => {
    session.call('init');
    const call = () => Object.entries(session.call('call')).map(([name, { data }]) => [name, [...data]]);
    expect(Object.fromEntries(call())).toEqual({ before: [3, 3], middle: [4, 4], last: [40, 40], sum: [43, 43] });
    expect(Object.fromEntries(call())).toEqual({
      before: [40, 40],
      middle: [41, 41],
      last: [410, 410],
      sum: [450, 450],
    });
  });
});
