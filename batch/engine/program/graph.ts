/** A program under construction: appends nodes, names them, keeps scopes; knows no operation's meaning. */
import { EngineError } from '../errors.ts';
import type { OpAttributes, OpName } from './ops/table.ts';
import type { Signature } from './signature.ts';
import type { State } from './state.ts';
import type { AnyNode, DType, Node, Tensor, TensorType } from './tensor.ts';
import type { Version } from './version.ts';

/** The floating type of a program. */
export type Precision = 'float32' | 'float64';

/** Mutable, and owned by the functions of this folder. */
export interface Graph {
  readonly precision: Precision;
  readonly nodes: AnyNode[];
  readonly states: Map<string, State>;
  readonly signatures: Map<string, Signature>;
  /** Versions by state, oldest first, of the open signature. */
  versions: Map<State, Version[]>;
  /** The signature being built. */
  open: string | null;
  readonly scopes: string[];
  readonly names: Set<string>;
  readonly constants: Map<string, Tensor>;
  readonly streams: Map<number, string>;
  /** What is being built sees a part of the batch only. */
  partial: boolean;
  /** Whether a node that is made of `inputs` now is {@link Node.wide}. */
  wide: (inputs: readonly Tensor[]) => boolean;
}

/**
 * An empty program. With `precision` float64 there is no float32 in it: whatever a model declares as float32 (states,
 * feeds, constants, casts, random numbers) is float64, and the model need not know. That is for checks; training is
 * float32, the default.
 */
export function createGraph({ precision = 'float32' }: { readonly precision?: Precision } = {}): Graph {
  return {
    precision,
    nodes: [],
    states: new Map(),
    signatures: new Map(),
    versions: new Map(),
    open: null,
    scopes: [],
    names: new Set(),
    constants: new Map(),
    streams: new Map(),
    partial: false,
    wide: followsWide,
  };
}

const followsWide: Graph['wide'] = (inputs) => inputs.some(({ node }) => node.wide);

/** The type that stands for a declared one in this program. */
export function inPrecision(graph: Graph, dtype: DType): DType {
  return dtype === 'float32' ? graph.precision : dtype;
}

/** Names what `build` makes `name/…`. Nests. */
export function scope<T>(graph: Graph, name: string, build: () => T): T {
  graph.scopes.push(name);
  try {
    return build();
  } finally {
    graph.scopes.pop();
  }
}

/** Where in the program we are, for messages: signature and scopes. */
export function place(graph: Graph): string {
  return [graph.open ?? 'outside of any signature', ...graph.scopes].join('/');
}

/**
 * Appends a node. Operations call this after their shape rule.
 *
 * @throws EngineError SIGNATURE where an input belongs to another signature, or none is open.
 */
export function emit<O extends OpName>(
  graph: Graph,
  op: O,
  inputs: readonly Tensor[],
  attributes: OpAttributes[O],
  outputs: readonly TensorType[],
): Node<O> {
  const shared = op === 'constant';
  if (!shared && graph.open === null) {
    throw new EngineError('SIGNATURE', `${op}: only states and constants may stand outside of a signature`);
  }
  for (const { node } of inputs) {
    if (node.graph !== graph || (node.signature !== null && node.signature !== graph.open)) {
      throw new EngineError('SIGNATURE', `${op}: ${node.name} belongs to another signature than ${place(graph)}`);
    }
  }
  const path = shared ? 'constants' : place(graph);
  const made: Tensor[] = [];
  const node: Node<O> = {
    id: graph.nodes.length,
    op,
    name: uniqueName(graph, `${path}/${op}`),
    signature: shared ? null : graph.open,
    graph,
    // What has no inputs is computed nowhere, and all share it.
    wide: inputs.length > 0 && graph.wide(inputs),
    inputs,
    outputs: made,
    attributes,
  };
  // O is one name here, so the node is the member of the union with that name: TypeScript cannot see it.
  const anyNode = node as unknown as AnyNode;
  outputs.forEach(({ dtype, shape }, index) => {
    made.push({ node: anyNode, index, dtype, shape });
  });
  graph.nodes.push(anyNode);
  return node;
}

/** Appends a node with one output and returns that. */
export function emitOne<O extends OpName>(
  graph: Graph,
  op: O,
  inputs: readonly Tensor[],
  attributes: OpAttributes[O],
  output: TensorType,
): Tensor {
  return outputOf(emit(graph, op, inputs, attributes, [output]), 0);
}

/** Output `index` of a node that is known to have it. */
export function outputOf(node: Pick<Node, 'name' | 'outputs'>, index: number): Tensor {
  const tensor = node.outputs[index];
  if (tensor === undefined) throw new EngineError('SHAPE', `${node.name} has no output ${index}`);
  return tensor;
}

/** Input `index` of a node that is known to have it. */
export function inputOf(node: Pick<Node, 'name' | 'inputs'>, index: number): Tensor {
  const tensor = node.inputs[index];
  if (tensor === undefined) throw new EngineError('SHAPE', `${node.name} has no input ${index}`);
  return tensor;
}

/**
 * @throws EngineError NAME where TensorFlow could not name a node so. States, signatures, scopes and fetches are parts of
 * such names.
 */
export function requireName(name: string): void {
  if (!/^[A-Za-z0-9][\w./-]*$/.test(name)) {
    throw new EngineError('NAME', `"${name}" is no name: only letters, digits and _ . - / may be in it`);
  }
}

function uniqueName(graph: Graph, wanted: string): string {
  requireName(wanted);
  let name = wanted;
  for (let n = 1; graph.names.has(name); n++) name = `${wanted}_${n}`;
  graph.names.add(name);
  return name;
}
