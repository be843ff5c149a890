/** Turns a program into TensorFlow's graph with signatures, and adds those that read and write state. */
import type { OpName } from '../program/ops/table.ts';
import { type Program, updatesOf } from '../program/program.ts';
import { checkpointState, type State } from '../program/state.ts';
import type { AnyNode, Node } from '../program/tensor.ts';
import type { GraphDef, SignatureDef, TensorInfo } from '../savedmodel/graphdef.ts';
import { createEmission, type Emission, type Emitter, emitterFor, type, variableName } from './emitter.ts';
import { kernels } from './kernels/table.ts';
import { emitEntry, emitExit, fedRef, wireType } from './wire.ts';

/** A program as TensorFlow takes it. What is fed and fetched has the types of {@link wireType}. */
export interface Lowered extends GraphDef {
  readonly signatures: Readonly<Record<string, SignatureDef>>;
  /** By state: the reference that yields its value, the one that takes a new value, and the one to fetch then. */
  readonly state: ReadonlyMap<string, StateAccess>;
}

export interface StateAccess {
  readonly state: State;
  readonly value: string;
  readonly next: string;
  readonly written: string;
}

/** One flat graph, in which each signature is a part. */
export function lower(program: Program): Lowered {
  const emission = createEmission();
  for (const state of program.state) emitVariable(state, emission);
  for (const node of program.nodes) emitNode(node, program, emission);
  const signatures: Record<string, SignatureDef> = {};
  for (const signature of Object.values(program.signatures)) {
    const updates = updatesOf(signature).map(({ name }) => name);
    const inputs: Record<string, TensorInfo> = {};
    for (const [key, { node, dtype, shape }] of Object.entries(signature.feeds)) {
      inputs[key] = { ref: fedRef(node.name, dtype), ...wireType({ dtype, shape }) };
    }
    const outputs: Record<string, TensorInfo> = {};
    for (const [key, tensor] of Object.entries(signature.fetches)) {
      const fetched = emitterFor(emission, `${signature.name}/fetch/${key}`, updates);
      const ref = emitExit(fetched, fetched.ref(tensor), tensor);
      outputs[key] = { ref: `${ref}:0`, ...wireType(tensor) };
    }
    signatures[signature.name] = { inputs, outputs };
  }
  const kept = checkpointState(program.state);
  const state = new Map(kept.map((declared) => [declared.name, emitAccess(declared, emission)]));
  return { nodes: emission.nodes, functions: [], signatures, state };
}

function emitVariable({ name, dtype, shape }: State, emission: Emission): void {
  const attributes = { dtype: type(dtype), shape: { shape }, shared_name: { string: name } };
  emitterFor(emission, variableName(name), []).op('VarHandleOp', [], attributes);
}

function emitNode(node: AnyNode, program: Program, emission: Emission): void {
  const after = (program.after.get(node) ?? []).map(({ name }) => name);
  const ref = run(node, emitterFor(emission, node.name, after));
  for (const output of node.outputs) emission.refs.set(output, output.index === 0 ? ref : `${ref}:${output.index}`);
}

function run<O extends OpName>(node: Node<O>, to: Emitter): string {
  return kernels[node.op](node, to);
}

/** The graph's way in and out for a state: for checkpoints, outside of all signatures. */
function emitAccess(state: State, emission: Emission): StateAccess {
  const variable = variableName(state.name);
  const access = (name: string, after: readonly string[] = []) => emitterFor(emission, `${variable}/${name}`, after);
  const dtype = type(state.dtype);
  const read = access('read').op('ReadVariableOp', [variable], { dtype });
  const next = emitEntry(access('next'), state);
  const write = access('write').op('AssignVariableOp', [variable, next], { dtype });
  const written = access('written', [write]);
  return {
    state,
    value: `${emitExit(access('value'), read, state)}:0`,
    next: fedRef(`${variable}/next`, state.dtype),
    written: `${written.op('Identity', [written.ints(0)], { T: type('int32') })}:0`,
  };
}
