/** The order in which a signature's nodes are computed, and when each value has been used for the last time. */
import { type Program, updatesOf } from '../../program/program.ts';
import type { Signature } from '../../program/signature.ts';
import type { AnyNode, Tensor } from '../../program/tensor.ts';

/** One node and the values that nobody needs after it. */
export interface Step {
  readonly node: AnyNode;
  readonly spent: readonly Tensor[];
}

/** All that a signature fetches and updates, each node after those that `after` and its inputs name. */
export function orderOf({ after }: Program, signature: Signature): readonly Step[] {
  const fetched = Object.values(signature.fetches);
  const order = sorted([...fetched.map(({ node }) => node), ...updatesOf(signature)], (node) => [
    ...node.inputs.map((input) => input.node),
    ...(after.get(node) ?? []),
  ]);
  const kept = new Set(fetched);
  const spentAfter = new Map<AnyNode, Tensor[]>(order.map((node) => [node, []]));
  for (const node of order.toReversed()) {
    for (const tensor of [...node.inputs, ...node.outputs]) {
      if (kept.has(tensor)) continue;
      kept.add(tensor);
      spentAfter.get(node)?.push(tensor);
    }
  }
  return order.map((node) => ({ node, spent: spentAfter.get(node) ?? [] }));
}

/** Depth first, without recursion: a training step is thousands of nodes deep. */
function sorted(roots: readonly AnyNode[], before: (node: AnyNode) => readonly AnyNode[]): AnyNode[] {
  const done = new Set<AnyNode>();
  const pending = [...roots];
  for (let node = pending.at(-1); node; node = pending.at(-1)) {
    const waiting = done.has(node) ? [] : before(node).filter((other) => !done.has(other));
    pending.push(...waiting);
    if (waiting.length > 0) continue;
    done.add(node);
    pending.pop();
  }
  return [...done];
}
