/** Which of a program's layers the time of its kernels belongs to, and what they computed; measures nothing. */
import type { KernelRun } from '../executors/capi/trace.ts';
import { findNode } from '../executors/place.ts';
import { flopsOf } from '../program/count.ts';
import { nodesOf, type Program } from '../program/program.ts';
import type { AnyNode, Shape, Tensor } from '../program/tensor.ts';

/** Kernels of one operation in one layer, over one call. */
export interface KernelShare {
  /** TensorFlow's, after its rewriting: a fused one says so. */
  readonly op: string;
  /** Whose weights it applies, or whose result it works on; empty where it belongs to none. */
  readonly layer: string;
  /** Of the result of the first such kernel. */
  readonly shape: Shape;
  readonly count: number;
  readonly milliseconds: number;
  /** Floating-point operations; those of a node without a kernel of its own are its consumer's, into which it was fused. */
  readonly flops: number;
}

/** Shares of the calls of `signature` that were traced, means over calls, in no order. */
export function attribute(
  program: Program,
  signature: string,
  calls: readonly (readonly KernelRun[])[],
): readonly KernelShare[] {
  const nodes = nodesOf(program, signature);
  const users = usersOf(nodes);
  const runs = calls.flat().map((run) => ({ ...run, node: findNode(program, run.name) }));
  const ran = new Set(runs.flatMap(({ node }) => node ?? []));
  const flops = new Map<AnyNode, number>();
  for (const node of nodes) {
    const by = ran.has(node) ? node : firstAfter(node, users, (later) => ran.has(later));
    if (by) flops.set(by, (flops.get(by) ?? 0) + flopsOf(node));
  }
  // A program node can be several kernels: the one that has taken longest has its floating-point operations.
  const longest = new Map<AnyNode, KernelRun>();
  for (const run of runs) {
    if (run.node && run.milliseconds >= (longest.get(run.node)?.milliseconds ?? 0)) longest.set(run.node, run);
  }
  const layers = layersBy(nodes, users);
  const shares = new Map<string, KernelShare>();
  for (const { name, op, milliseconds, node } of runs) {
    const layer = node ? (layers.get(node) ?? '') : '';
    const key = `${op} ${layer}`;
    const before = shares.get(key) ?? {
      op,
      layer,
      shape: node?.outputs[0]?.shape ?? [],
      count: 0,
      milliseconds: 0,
      flops: 0,
    };
    const own = node && longest.get(node)?.name === name ? (flops.get(node) ?? 0) : 0;
    shares.set(key, {
      ...before,
      count: before.count + 1 / calls.length,
      milliseconds: before.milliseconds + milliseconds / calls.length,
      flops: before.flops + own / calls.length,
    });
  }
  return [...shares.values()];
}

function usersOf(nodes: readonly AnyNode[]): ReadonlyMap<AnyNode, readonly AnyNode[]> {
  const users = new Map<AnyNode, AnyNode[]>();
  for (const node of nodes) {
    for (const { node: earlier } of node.inputs) {
      const known = users.get(earlier);
      if (known) known.push(node);
      else users.set(earlier, [node]);
    }
  }
  return users;
}

/** The nearest node after `node` that passes, breadth first. */
function firstAfter(
  node: AnyNode,
  users: ReadonlyMap<AnyNode, readonly AnyNode[]>,
  passes: (node: AnyNode) => boolean,
): AnyNode | null {
  const seen = new Set<AnyNode>([node]);
  // The list grows while it is read.
  for (const one of seen) {
    if (one !== node && passes(one)) return one;
    for (const user of users.get(one) ?? []) seen.add(user);
  }
  return null;
}

/** Operations that compute a weight's gradient from what went in and what came back. */
const TO_WEIGHTS = /FilterGradient$|^biasAddGradient$/;

/** A gradient to a weight is its layer's; what takes a weight is, too; the rest is of the layer that its operands come from. */
function layersBy(
  nodes: readonly AnyNode[],
  users: ReadonlyMap<AnyNode, readonly AnyNode[]>,
): ReadonlyMap<AnyNode, string> {
  const layers = new Map<AnyNode, string>();
  for (const node of nodes) {
    const updated = TO_WEIGHTS.test(node.op) ? firstAfter(node, users, ({ op }) => op === 'adam') : node;
    const weight = updated?.op === 'adam' ? updated.attributes.weight.name : node.inputs.flatMap(weightOf)[0];
    const inherited = node.inputs.flatMap((input) => layers.get(input.node) ?? []).at(-1);
    const layer = weight === undefined ? inherited : weight.slice(0, weight.lastIndexOf('/'));
    if (layer !== undefined) layers.set(node, layer);
  }
  return layers;
}

/** The weight that a tensor is but for its arrangement. */
function weightOf({ node }: Tensor): string | readonly string[] {
  switch (node.op) {
    case 'read':
      return node.attributes.version.state.role === 'weight' ? node.attributes.version.state.name : [];
    case 'reshape':
    case 'transpose':
    case 'pad':
    case 'cast':
      return node.inputs.flatMap(weightOf);
    default:
      return [];
  }
}
