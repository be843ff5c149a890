/** Copies a finished program, some of its nodes by others of the same value; knows no operation's meaning. */
import { createGraph, type Graph } from './graph.ts';
import { constant } from './ops/constant.ts';
import { nodesOf, type Program } from './program.ts';
import { sameShape } from './shape.ts';
import type { AnyNode, Tensor } from './tensor.ts';
import type { Version } from './version.ts';

/**
 * What stands for a node in the copy: as many outputs of the same types, made of `inputs` by the language's own functions.
 * `inputs` are what stands for the node's. Null: a node like it.
 */
export type Replace = (node: AnyNode, inputs: readonly Tensor[]) => readonly Tensor[] | null;

/**
 * The program with `replace` applied to each node that a call needs, inputs first; the others are left out. A copy keeps
 * its node's name, and its place in the order of reads and updates; what replaces a node is named below it.
 */
export function transform(program: Program, replace: Replace): Program {
  const graph = createGraph();
  for (const { name } of program.nodes) graph.names.add(name);
  const copies = new Map<AnyNode, AnyNode>();
  const tensors = new Map<Tensor, Tensor>();
  for (const node of neededNodes(program)) {
    const inputs = node.inputs.map((input) => lookUp(tensors, input));
    let outputs = replacement(graph, node, inputs, replace);
    if (outputs === null) {
      const copy = copyOf(graph, node, inputs);
      copies.set(node, copy);
      outputs = copy.outputs;
    }
    requireTypes(node, outputs);
    for (const output of node.outputs) tensors.set(output, outputs[output.index] as Tensor);
  }
  return withoutUnused(mapped(program, graph, copies, tensors));
}

/** The program around the copies: its signatures and the order of its nodes. */
function mapped(
  program: Program,
  graph: Graph,
  copies: ReadonlyMap<AnyNode, AnyNode>,
  tensors: ReadonlyMap<Tensor, Tensor>,
): Program {
  const tensorOf = (tensor: Tensor) => lookUp(tensors, tensor);
  const versionOf = (version: Version): Version => ({
    ...version,
    producer: version.producer && lookUp(copies, version.producer),
    value: (version.value && tensors.get(version.value)) ?? null,
  });
  const after = new Map<AnyNode, AnyNode[]>();
  for (const [later, earlier] of program.after) {
    const copy = copies.get(later);
    const standIns = (node: AnyNode) => copies.get(node) ?? node.outputs.flatMap((out) => tensors.get(out)?.node ?? []);
    if (copy) after.set(copy, earlier.flatMap(standIns));
  }
  const signatures = mapValues(program.signatures, ({ name, feeds, fetches, versions }) => ({
    name,
    feeds: mapValues(feeds, tensorOf),
    fetches: mapValues(fetches, tensorOf),
    versions: new Map([...versions].map(([state, chain]) => [state, chain.map(versionOf)])),
  }));
  return { nodes: graph.nodes, state: program.state, signatures, after };
}

/** Nodes that some call runs, and all feeds. */
function neededNodes(program: Program): AnyNode[] {
  const needed = new Set(Object.keys(program.signatures).flatMap((name) => nodesOf(program, name)));
  return program.nodes.filter((node) => node.op === 'feed' || needed.has(node));
}

function withoutUnused(program: Program): Program {
  const nodes = neededNodes(program);
  const present = new Set(nodes);
  const after = new Map<AnyNode, AnyNode[]>();
  for (const [later, earlier] of program.after) {
    if (present.has(later))
      after.set(
        later,
        earlier.filter((node) => present.has(node)),
      );
  }
  return { ...program, nodes, after };
}

/** Lets `replace` build where the node stood. */
function replacement(graph: Graph, node: AnyNode, inputs: readonly Tensor[], replace: Replace) {
  if (node.signature === null) return null;
  graph.open = node.signature;
  graph.wide = () => node.wide;
  graph.scopes.splice(0, Infinity, ...node.name.slice(node.signature.length + 1).split('/'));
  return replace(node, inputs);
}

function copyOf(graph: Graph, node: AnyNode, inputs: readonly Tensor[]): AnyNode {
  if (node.op === 'constant') {
    const [output] = node.outputs;
    return constant(graph, node.attributes.values, output?.shape, output?.dtype).node;
  }
  const outputs: Tensor[] = [];
  const copy: AnyNode = { ...node, id: graph.nodes.length, graph, inputs, outputs };
  for (const { dtype, shape, index } of node.outputs) outputs.push({ node: copy, index, dtype, shape });
  graph.nodes.push(copy);
  return copy;
}

function requireTypes(node: AnyNode, outputs: readonly Tensor[]): void {
  const fits = node.outputs.every(({ dtype, shape }, index) => {
    const output = outputs[index];
    return output && output.dtype === dtype && sameShape(output.shape, shape);
  });
  if (!fits || outputs.length !== node.outputs.length) throw new RangeError(`${node.name} is replaced by another type`);
}

function lookUp<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new RangeError('a node is used before it is made');
  return value;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
