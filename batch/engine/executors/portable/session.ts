/**
 * Executes programs by the plain JavaScript kernels of TF.js: the meaning of every operation, for toy sizes and for
 * places without TensorFlow. Knows neither Node.js nor a file system.
 */
import { EngineError } from '../../errors.ts';
import { outputOf } from '../../program/graph.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Program } from '../../program/program.ts';
import type { State } from '../../program/state.ts';
import type { AnyNode, Node, Tensor, TensorType } from '../../program/tensor.ts';
import type { Session, TensorValue } from '../../session.ts';
import { checkedSession, type Execution } from '../checked.ts';
import { placeOf } from '../place.ts';
import { ARRAYS, plainType } from '../values.ts';
import { type Cpu, openCpu, storedType, type Value } from './cpu.ts';
import type { Frame } from './frame.ts';
import { kernels } from './kernels/table.ts';
import { orderOf } from './order.ts';

export interface PortableOptions {
  /** Reads the files of a data set; without it a program that has some fails in `init`. */
  readonly readFile?: (path: string) => Uint8Array;
}

/**
 * Opens a session of a program. Its state is unset until `init` is called or all of it is written.
 *
 * @throws EngineError DTYPE where the program computes in float64 or bfloat16.
 */
export function openPortable(program: Program, { readFile = noFiles }: PortableOptions = {}): Session {
  return checkedSession(program, () => execution(program, openCpu(), readFile));
}

function execution(program: Program, cpu: Cpu, readFile: (path: string) => Uint8Array): Execution {
  for (const { outputs } of program.nodes) for (const { dtype } of outputs) storedType(dtype);
  const orders = new Map(Object.values(program.signatures).map((each) => [each, orderOf(program, each)]));
  const states = new Map<State, Value>();
  const stateOf = (state: State): Value => {
    const value = states.get(state);
    if (value) return value;
    throw new EngineError('STATE', `state ${state.name} has no value yet: call init or write it first`);
  };
  const setState = (state: State, value: Value): void => {
    const before = states.get(state);
    states.set(state, value);
    if (before) cpu.free(before);
  };
  return {
    call(signature, feeds) {
      const values = new Map<Tensor, Value>();
      try {
        for (const { node, spent } of orders.get(signature) ?? []) {
          const inputs = node.inputs.map((input) => known(values, input));
          const outputs = compute(node, inputs, cpu, { feeds, stateOf, setState, readFile });
          outputs.forEach((value, index) => {
            values.set(outputOf(node, index), value);
          });
          for (const tensor of spent) {
            cpu.free(known(values, tensor));
            values.delete(tensor);
          }
        }
        return Object.values(signature.fetches).map((tensor) => copied(cpu, tensor, known(values, tensor)));
      } finally {
        for (const value of values.values()) cpu.free(value);
      }
    },
    read: (wanted) => wanted.map((state) => copied(cpu, state, stateOf(state))),
    write(values) {
      for (const [state, value] of values) setState(state, madeOf(cpu, value));
    },
    handles: cpu.count,
    close() {
      for (const value of states.values()) cpu.free(value);
      states.clear();
    },
  };
}

/** What one call works on. */
interface Surroundings {
  readonly feeds: Readonly<Record<string, TensorValue>>;
  stateOf(state: State): Value;
  /** Takes over `value`. */
  setState(state: State, value: Value): void;
  readFile(path: string): Uint8Array;
}

/** The outputs of one node, whose kernel leaves nothing else behind. */
function compute<O extends OpName>(
  node: Node<O>,
  inputs: readonly Value[],
  cpu: Cpu,
  { feeds, stateOf, setState, readFile }: Surroundings,
): readonly Value[] {
  const made: Value[] = [];
  const noted = (value: Value): Value => {
    made.push(value);
    return value;
  };
  const frame: Frame = {
    make: (type, numbers) => noted(cpu.make(type, numbers)),
    numbers: cpu.numbers,
    run: (kernel, operands, attributes) => noted(cpu.run(kernel, operands, attributes)),
    share: (value) => noted(cpu.share(value)),
    feed: (name) => noted(madeOf(cpu, given(feeds, name))),
    state: (state) => noted(cpu.share(stateOf(state))),
    setState: (state, value) => setState(state, cpu.share(value)),
    file: readFile,
  };
  let outputs: readonly Value[] = [];
  try {
    outputs = [kernels[node.op](node, frame, ...inputs)].flat();
    return outputs;
  } catch (cause) {
    throw failureOf(node as unknown as AnyNode, cause);
  } finally {
    for (const value of made) if (!outputs.includes(value)) cpu.free(value);
  }
}

function failureOf(node: AnyNode, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  // All that JavaScript says of memory that cannot be had.
  const exhausted = cause instanceof RangeError && /allocation failed|Invalid typed array length/.test(message);
  return new EngineError(exhausted ? 'OUT_OF_MEMORY' : 'NATIVE', `${placeOf(node)}: ${message}`, { cause });
}

function madeOf(cpu: Cpu, { dtype, shape, data }: TensorValue): Value {
  if (data instanceof Float64Array) throw new EngineError('DTYPE', `${dtype} is not taken`);
  return cpu.make({ dtype, shape }, data.slice());
}

function copied(cpu: Cpu, { dtype, shape }: TensorType, value: Value): TensorValue {
  const type = plainType(dtype);
  return { dtype: type, shape, data: ARRAYS[type].from(cpu.numbers(value)) };
}

function known(values: ReadonlyMap<Tensor, Value>, tensor: Tensor): Value {
  const value = values.get(tensor);
  if (!value) throw new EngineError('NATIVE', `${tensor.node.name} has not been computed`);
  return value;
}

function given(feeds: Readonly<Record<string, TensorValue>>, name: string): TensorValue {
  const value = feeds[name];
  if (!value) throw new EngineError('FEED', `${name} is not fed`);
  return value;
}

function noFiles(path: string): never {
  throw new EngineError('FEED', `${path}: this session was opened without a way to read files`);
}
