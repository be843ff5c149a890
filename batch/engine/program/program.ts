/** A finished program: state, signatures and the order they imply; knows no executor. */
import type { Graph } from './graph.ts';
import type { Signature } from './signature.ts';
import type { State } from './state.ts';
import type { AnyNode, Node } from './tensor.ts';

/** What an executor needs and nothing more. */
export interface Program {
  readonly nodes: readonly AnyNode[];
  readonly state: readonly State[];
  readonly signatures: Readonly<Record<string, Signature>>;
  /** Nodes that must have run before a node, beside those that make its inputs. */
  readonly after: ReadonlyMap<AnyNode, readonly AnyNode[]>;
}

/** Closes a graph and derives the order of nodes: of reads and updates from the versions, of others from waits. */
export function finish(graph: Graph): Program {
  const after = new Map<AnyNode, AnyNode[]>();
  for (const { versions } of graph.signatures.values()) {
    for (const chain of versions.values()) {
      chain.forEach((version, ordinal) => {
        const reader = version.value?.node;
        if (reader && version.producer) order(after, reader, version.producer);
        const next = chain[ordinal + 1]?.producer;
        if (!next) return;
        if (reader) order(after, next, reader);
        if (version.producer) order(after, next, version.producer);
      });
    }
  }
  for (const node of graph.nodes) {
    if (node.op !== 'waitFor') continue;
    for (const earlier of node.attributes.earlier) order(after, node, earlier);
  }
  return {
    nodes: graph.nodes,
    state: [...graph.states.values()],
    signatures: Object.fromEntries(graph.signatures),
    after,
  };
}

/** Nodes by which a signature changes state. */
export function updatesOf({ versions }: Signature): AnyNode[] {
  const producers = [...versions.values()].flat().flatMap(({ producer }) => producer ?? []);
  return [...new Set(producers)];
}

/**
 * Nodes that a call runs, inputs first.
 *
 * @throws RangeError where the program has no such signature.
 */
export function nodesOf(program: Program, name: string): AnyNode[] {
  const signature: Signature | undefined = program.signatures[name];
  if (!signature) throw new RangeError(`no signature ${name}`);
  const needed = new Set<Node>();
  const pending: Node[] = [...Object.values(signature.fetches).map(({ node }) => node), ...updatesOf(signature)];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.inputs.map((input) => input.node));
  }
  return program.nodes.filter((node) => needed.has(node));
}

function order(after: Map<AnyNode, AnyNode[]>, later: AnyNode, earlier: AnyNode): void {
  const earlierOnes = after.get(later);
  if (earlierOnes === undefined) after.set(later, [earlier]);
  else if (!earlierOnes.includes(earlier)) earlierOnes.push(earlier);
}
