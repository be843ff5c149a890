/** Signatures: the calls that a program answers; knows not how a call is made. */
import { EngineError } from '../errors.ts';
import { emitOne, type Graph, inPrecision, place, requireName } from './graph.ts';
import type { State } from './state.ts';
import type { DType, Shape, Tensor } from './tensor.ts';
import type { Version } from './version.ts';

/** One call: what goes in, what comes out, and what it does to the state. */
export interface Signature {
  readonly name: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly fetches: Readonly<Record<string, Tensor>>;
  /** Versions by state, oldest first. */
  readonly versions: ReadonlyMap<State, readonly Version[]>;
}

/**
 * Builds a signature. What `build` returns is fetched; all updates made in it happen in every call.
 *
 * @throws EngineError SIGNATURE where signatures nest, a name repeats, or nothing is fetched; NAME where a name is none.
 */
export function signature(graph: Graph, name: string, build: () => Readonly<Record<string, Tensor>>): void {
  if (graph.open !== null) throw new EngineError('SIGNATURE', `${name} is opened inside ${graph.open}`);
  if (graph.signatures.has(name)) throw new EngineError('SIGNATURE', `signature ${name} is declared twice`);
  graph.open = name;
  graph.versions = new Map();
  try {
    const fetches = build();
    for (const key of Object.keys(fetches)) requireName(key);
    if (Object.keys(fetches).length === 0) throw new EngineError('SIGNATURE', `${name} fetches nothing`);
    const feeds: Record<string, Tensor> = {};
    for (const node of graph.nodes) {
      const [output] = node.outputs;
      if (node.signature === name && node.op === 'feed' && output) feeds[node.attributes.feed] = output;
    }
    graph.signatures.set(name, { name, feeds, fetches, versions: graph.versions });
  } finally {
    graph.open = null;
  }
}

/** A value given with each call. */
export function feed(graph: Graph, name: string, dtype: DType, shape: Shape): Tensor {
  const taken = graph.nodes.some(
    (node) => node.op === 'feed' && node.signature === graph.open && node.attributes.feed === name,
  );
  if (taken) throw new EngineError('SIGNATURE', `feed ${name} is declared twice in ${place(graph)}`);
  return emitOne(graph, 'feed', [], { feed: name }, { dtype: inPrecision(graph, dtype), shape });
}
