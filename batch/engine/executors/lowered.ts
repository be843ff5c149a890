/** Executes programs as TensorFlow graphs, whatever carries a graph's inputs and outputs into the library and back. */
import { inLayout, type Layout } from '../lowering/functions.ts';
import { type Lowered, lower, type StateAccess } from '../lowering/lower.ts';
import { fromWire, toWire, wireType } from '../lowering/wire.ts';
import type { Program } from '../program/program.ts';
import type { State } from '../program/state.ts';
import type { TensorInfo } from '../savedmodel/graphdef.ts';
import type { Session, TensorValue } from '../session.ts';
import { checkedSession, type Execution } from './checked.ts';
import { callError, StatusError } from './status.ts';

/** One graph in one session of TensorFlow. */
export interface GraphSession {
  /** Values of `outputs`, in order, which have been computed from `inputs`. Throws {@link StatusError}. */
  run(inputs: readonly (readonly [TensorInfo, TensorValue])[], outputs: readonly TensorInfo[]): readonly TensorValue[];
  handles(): number;
  close(): void;
}

/** A session of `program` on a graph session that `open` makes of its graph in a layout. */
export function loweredSession(program: Program, layout: Layout, open: (graph: Lowered) => GraphSession): Session {
  return checkedSession(program, () => {
    const lowered = inLayout(lower(program), layout);
    return execution(
      program,
      lowered,
      translated(program, () => open(lowered)),
    );
  });
}

function translated<T>(program: Program, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof StatusError ? callError(program, error) : error;
  }
}

function execution(program: Program, lowered: Lowered, graph: GraphSession): Execution {
  const run: GraphSession['run'] = (inputs, outputs) =>
    outputs.length === 0 ? [] : translated(program, () => graph.run(inputs, outputs));
  const accessOf = (state: State): StateAccess => known(lowered.state.get(state.name), state.name);
  return {
    call({ name, fetches }, feeds) {
      const { inputs, outputs } = known(lowered.signatures[name], name);
      const fed = Object.entries(inputs).map(([key, info]) => [info, toWire(known(feeds[key], key))] as const);
      const values = run(fed, Object.values(outputs));
      return Object.values(fetches).map((tensor, index) => fromWire(tensor, known(values[index], name)));
    },
    read(states) {
      const infos = states.map((state) => ({ ref: accessOf(state).value, ...wireType(state) }));
      return run([], infos).map((value, index) => fromWire(known(states[index], 'a state'), value));
    },
    write(values) {
      const next = (state: State): TensorInfo => ({ ref: accessOf(state).next, ...wireType(state) });
      run(
        [...values].map(([state, value]) => [next(state), toWire(value)] as const),
        [...values.keys()].map((state) => ({ ref: accessOf(state).written, dtype: 'int32', shape: [] })),
      );
    },
    handles: () => graph.handles(),
    close: () => graph.close(),
  };
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`${name} is not in the lowered program`);
  return value;
}
