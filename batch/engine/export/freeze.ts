/** Cuts one signature out of a program, with its state as constants: a graph that stands alone; knows no file format. */
import { misfitsOf, misfitText } from '../../../graph/spec/tensors.ts';
import { EngineError } from '../errors.ts';
import { variableName } from '../lowering/emitter.ts';
import { lower } from '../lowering/lower.ts';
import { type Program, updatesOf } from '../program/program.ts';
import type { State } from '../program/state.ts';
import type { GraphDef, SignatureDef, TensorInfo } from '../savedmodel/graphdef.ts';
import type { NodeDef } from '../savedmodel/nodedef.ts';
import type { TensorValue } from '../session.ts';

/** A graph without state, inputs first. Its placeholders and results are named as the signature's feeds and fetches are. */
export interface FrozenGraph extends GraphDef {
  readonly signature: SignatureDef;
  /** Names of the states that have become constants. */
  readonly state: readonly string[];
}

/**
 * @param values of state, at least all that the signature reads
 * @throws EngineError EXPORT where the signature changes state; RESTORE where values are missing or do not fit
 */
export function freeze(program: Program, name: string, values: ReadonlyMap<string, TensorValue>): FrozenGraph {
  const signature = program.signatures[name];
  // As it was written: what is cheaper on the processor that trains need not be cheaper where this goes.
  const lowered = lower(program);
  const { inputs, outputs } = lowered.signatures[name] ?? {};
  if (!signature || !inputs || !outputs) throw new EngineError('SIGNATURE', `no signature ${name} to export`);
  if (updatesOf(signature).length > 0) {
    throw new EngineError('EXPORT', `${name} changes state, and only what changes none can be exported`);
  }
  const needed = neededBy(lowered.nodes, [...Object.values(inputs), ...Object.values(outputs)]);
  const variables = new Map(program.state.map((state) => [variableName(state.name), state]));
  const read = program.state.filter((state) => needed.has(variableName(state.name)));
  requireValues(read, values);

  const names = new Map<string, string>();
  for (const [key, { ref }] of [...Object.entries(inputs), ...Object.entries(outputs)]) names.set(nodeOf(ref), key);
  const nodes = lowered.nodes.flatMap((node): NodeDef[] => {
    if (!needed.has(node.name) || variables.has(node.name)) return [];
    const state = node.op === 'ReadVariableOp' ? variables.get(nodeOf(node.inputs[0] ?? '')) : undefined;
    return [state ? constantOf(node.name, state, values) : node];
  });
  return {
    nodes: rename(nodes, names),
    functions: [],
    signature: { inputs: renamed(inputs), outputs: renamed(outputs) },
    state: read.map((state) => state.name),
  };
}

/** Names of the nodes that some tensors depend on, with those that make them. */
function neededBy(nodes: readonly NodeDef[], tensors: readonly TensorInfo[]): Set<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const pending = tensors.map(({ ref }) => nodeOf(ref));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    pending.push(...(byName.get(name)?.inputs ?? []).map(nodeOf));
  }
  return needed;
}

function requireValues(read: readonly State[], values: ReadonlyMap<string, TensorValue>): void {
  const given = read.flatMap(({ name }) => {
    const value = values.get(name);
    return value ? [{ name, dtype: value.dtype, shape: value.shape }] : [];
  });
  const misfits = misfitsOf(given, read);
  if (misfits.length === 0) return;
  throw new EngineError('RESTORE', `The checkpoint does not fit: ${misfits.map(misfitText).join('; ')}.`);
}

function constantOf(name: string, state: State, values: ReadonlyMap<string, TensorValue>): NodeDef {
  const { dtype, shape } = state;
  const { data } = values.get(state.name) ?? { data: new Float32Array() };
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    name,
    op: 'Const',
    inputs: [],
    attributes: { dtype: { type: dtype }, value: { tensor: { dtype, shape, content } } },
  };
}

/** Nodes under other names, where `names` has them; whoever uses them follows. */
export function rename(nodes: readonly NodeDef[], names: ReadonlyMap<string, string>): NodeDef[] {
  const follow = (input: string) => input.replace(/^[^:]+/, (name) => names.get(name) ?? name);
  return nodes.map((node) => ({ ...node, name: names.get(node.name) ?? node.name, inputs: node.inputs.map(follow) }));
}

function renamed(tensors: Readonly<Record<string, TensorInfo>>): Record<string, TensorInfo> {
  return Object.fromEntries(Object.entries(tensors).map(([key, info]) => [key, { ...info, ref: `${key}:0` }]));
}

/** Name of the node that a reference leads to: `name`, `name:output` or `^name`. */
function nodeOf(ref: string): string {
  return ref.replace(/^\^/, '').replace(/:\d+$/, '');
}
