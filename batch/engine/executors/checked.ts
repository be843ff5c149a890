/** Checks every call against the program before an executor sees it; executes nothing. */
import { EngineError } from '../errors.ts';
import type { Program } from '../program/program.ts';
import { sameShape, showShape, sizeOf } from '../program/shape.ts';
import type { Signature } from '../program/signature.ts';
import { checkpointState, type State } from '../program/state.ts';
import type { DType, TensorType } from '../program/tensor.ts';
import type { Session, TensorValue } from '../session.ts';
import { FED, FETCHED } from './values.ts';

/** What an executor does: every name is known and every value fits. It is not called after `close`. */
export interface Execution {
  /** Feeds by name, all that the signature declares; its fetches in order. */
  call(signature: Signature, feeds: Readonly<Record<string, TensorValue>>): readonly TensorValue[];
  read(states: readonly State[]): readonly TensorValue[];
  write(values: ReadonlyMap<State, TensorValue>): void;
  handles(): number;
  close(): void;
}

/**
 * A session of `program` on an executor that is opened once the program is one that every executor can serve.
 *
 * @throws EngineError FEED where a feed or a fetch has a type that cannot pass.
 */
export function checkedSession(program: Program, open: () => Execution): Session {
  for (const { name, feeds, fetches } of Object.values(program.signatures)) {
    for (const [key, { dtype }] of Object.entries(feeds)) requirePassing(`${name}'s feed ${key}`, dtype, FED);
    for (const [key, { dtype }] of Object.entries(fetches)) requirePassing(`${name}'s fetch ${key}`, dtype, FETCHED);
  }
  const kept = new Map(checkpointState(program.state).map((state) => [state.name, state]));
  const stateNamed = (name: string): State => {
    const state = kept.get(name);
    if (!state) throw new EngineError('FEED', `no state ${name} that a checkpoint holds`);
    requirePassing(`state ${name}`, state.dtype, FED);
    return state;
  };
  const execution = open();
  let isOpen = true;
  const requireOpen = () => {
    if (!isOpen) throw new EngineError('FEED', 'the session is closed');
  };
  return {
    call(name, feeds = {}) {
      requireOpen();
      const signature = program.signatures[name];
      if (!signature) {
        throw new EngineError('SIGNATURE', `no signature ${name}, only ${Object.keys(program.signatures)}`);
      }
      const values = execution.call(signature, fittedFeeds(signature, feeds));
      return Object.fromEntries(Object.keys(signature.fetches).map((key, index) => [key, at(values, index)]));
    },
    read(names = [...kept.keys()]) {
      requireOpen();
      const values = execution.read(names.map(stateNamed));
      return new Map(names.map((name, index) => [name, at(values, index)]));
    },
    write(values) {
      requireOpen();
      const entries = [...values].map(([name, value]): [State, TensorValue] => {
        const state = stateNamed(name);
        return [state, fitted(`state ${name}`, state, value)];
      });
      execution.write(new Map(entries));
    },
    handles: () => execution.handles(),
    close() {
      if (isOpen) execution.close();
      isOpen = false;
    },
  };
}

function requirePassing(what: string, dtype: DType, passing: readonly DType[]): void {
  if (!passing.includes(dtype)) {
    throw new EngineError('FEED', `${what} is ${dtype}, and only ${passing.join(', ')} pass: cast it in the program`);
  }
}

function fittedFeeds(
  { name, feeds }: Signature,
  given: Readonly<Record<string, TensorValue>>,
): Record<string, TensorValue> {
  for (const key of Object.keys(given)) {
    if (!feeds[key]) throw new EngineError('FEED', `${name} takes no ${key}, only ${Object.keys(feeds)}`);
  }
  const entries = Object.entries(feeds).map(([key, type]) => {
    const value = given[key];
    if (!value) throw new EngineError('FEED', `${name} needs ${key}`);
    return [key, fitted(`${name}'s ${key}`, type, value)];
  });
  return Object.fromEntries(entries);
}

/** A value of that very type. A float32 value is taken for float64, for nothing is lost. */
function fitted(what: string, { dtype, shape }: TensorType, given: TensorValue): TensorValue {
  const widen = dtype === 'float64' && given.dtype === 'float32';
  const value = widen ? { dtype, shape: given.shape, data: Float64Array.from(given.data) } : given;
  if (dtype !== value.dtype || !sameShape(shape, value.shape) || value.data.length !== sizeOf(shape)) {
    throw new EngineError(
      'FEED',
      `${what} is ${dtype} ${showShape(shape)}, not ${value.dtype} ${showShape(value.shape)} of ${value.data.length}`,
    );
  }
  return value;
}

function at(values: readonly TensorValue[], index: number): TensorValue {
  const value = values[index];
  if (value === undefined) throw new EngineError('NATIVE', `result ${index} is missing`);
  return value;
}
