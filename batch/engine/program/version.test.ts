/** State is read and updated without ambiguity, or the program is not built. */
import { expect, test } from 'vitest';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import {
  adamUpdate,
  add,
  createGraph,
  current,
  feed,
  finish,
  read,
  type State,
  scale,
  scope,
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

test('after an update of Adam its weight and both moments are ambiguous', () => {
  const graph = createGraph();
  const [weight, first, second] = ['weight', 'first', 'second'].map((name) =>
    state(graph, name, [2], { init: { kind: 'fill', value: 0 } }),
  ) as [State, State, State];
  signature(graph, 'call', () => {
    const scalar = (name: string) => feed(graph, name, 'float32', []);
    const rates = { rate: scalar('rate'), beta1: scalar('beta1'), beta2: scalar('beta2'), epsilon: scalar('epsilon') };
    const before = { weight: current(weight), first: current(first), second: current(second) };
    const after = adamUpdate(before, feed(graph, 'gradient', 'float32', [2]), rates);
    for (const each of [weight, first, second]) {
      expect(() => read(each)).toThrow(/has been updated in call: read the version that the update returned/);
      expect(() => current(each)).toThrow(/has been updated in call/);
    }
    expect(() => adamUpdate(before, read(after.weight), rates)).toThrow(/weight: version 0 is not its newest in call/);
    return { weight: read(after.weight) };
  });
});

test('a state declared after init, which would stay unset, is refused', () => {
  const graph = createGraph();
  initialise(graph, 0);
  expect(() => state(graph, 'late', [], { init: { kind: 'fill', value: 0 } })).toThrow(/late is declared after init/);
});

test('names that TensorFlow does not take are refused where they are given', () => {
  const graph = createGraph();
  const init = { kind: 'fill', value: 0 } as const;
  expect(() => state(graph, 'a b', [], { init })).toThrow(/^"a b" is no name: only letters, digits and/);
  expect(() => signature(graph, 'näher', () => ({ x: feed(graph, 'x', 'float32', []) }))).toThrow(/is no name/);
  expect(() => signature(graph, 'call', () => ({ 'x:0': feed(graph, 'x', 'float32', []) }))).toThrow(/is no name/);
  signature(graph, 'other', () => {
    const x = feed(graph, 'x', 'float32', []);
    expect(() => scope(graph, 'one, two', () => shift(x, 1))).toThrow(/^"other\/one, two\/add" is no name/);
    return { x };
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
