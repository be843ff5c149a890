/** Computes functions of layers in float64 on real kernels, with state that is not as it began; knows no layer. */
import {
  createGraph,
  feed,
  finish,
  type Graph,
  signature,
  sizeOf,
  type Tensor,
} from '../../../engine/program/index.ts';
import { initialise } from '../../../engine/program/init.ts';
import type { Session, TensorValue } from '../../../engine/session.ts';
import { using } from '../../../engine/testing/differences.ts';
import { open } from '../../../engine/testing/native.ts';
import { samples } from '../../../engine/testing/samples.ts';

/** Normal numbers of a stream. */
export function floats(shape: readonly number[], stream = 1): TensorValue {
  return { dtype: 'float64', shape, data: Float64Array.from(samples(sizeOf(shape), stream)) };
}

/** Class labels. */
export function labels(...values: number[]): TensorValue {
  return { dtype: 'int32', shape: [values.length], data: Int32Array.from(values) };
}

/** What was computed, and from which state. */
export interface Evaluated<Output extends string> {
  readonly outputs: Readonly<Record<Output, readonly number[]>>;
  /** Values of a state. */
  state(name: string): readonly number[];
  /** Names of all state, in the order of its declaration. */
  readonly names: readonly string[];
}

/**
 * What the function that `build` makes gives for `inputs`. All state holds normal numbers, and variances their squares
 * plus ½, so that nothing is 0 or 1 by chance.
 */
export function evaluate<Input extends string, Output extends string>(
  inputs: Readonly<Record<Input, TensorValue>>,
  build: (graph: Graph) => (inputs: Readonly<Record<Input, Tensor>>) => Readonly<Record<Output, Tensor>>,
): Evaluated<Output> {
  const graph = createGraph({ precision: 'float64' });
  const compute = build(graph);
  signature(graph, 'call', () => compute(each(inputs, ({ dtype, shape }, name) => feed(graph, name, dtype, shape))));
  initialise(graph, 0);
  return using(open(finish(graph)), (session) => {
    session.call('init');
    disturb(session);
    const state = session.read();
    // The session gives what the signature fetches.
    const fetched = session.call('call', inputs) as Record<Output, TensorValue>;
    return {
      outputs: each(fetched, ({ data }) => [...data]),
      state: (name) => [...(state.get(name)?.data ?? [])],
      names: [...state.keys()],
    };
  });
}

function disturb(session: Session): void {
  const disturbed = [...session.read()].map(([name, value], index): [string, TensorValue] => {
    const normal = Float64Array.from(samples(value.data.length, 100 + index));
    const data = name.endsWith('/variance') ? normal.map((number) => number ** 2 + 0.5) : normal;
    return [name, { ...value, data }];
  });
  session.write(new Map(disturbed));
}

function each<Key extends string, A, B>(record: Readonly<Record<Key, A>>, map: (value: A, key: Key) => B) {
  const keys = Object.keys(record) as Key[];
  return Object.fromEntries(keys.map((key) => [key, map(record[key], key)])) as Record<Key, B>;
}
