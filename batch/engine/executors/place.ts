/** Names the place of a program where a call of it failed; knows no executor. */
import type { Program } from '../program/program.ts';
import { showShape } from '../program/shape.ts';
import type { AnyNode } from '../program/tensor.ts';

/** `gather of [3, 2] and [4] at train/discriminator/gather`. */
export function placeOf({ op, name, inputs }: AnyNode): string {
  const operands = inputs.map(({ shape }) => showShape(shape)).join(' and ');
  return `${op}${operands && ` of ${operands}`} at ${name}`;
}

/**
 * The program's node behind one of an executor's. An operation's helpers are named below it, and rewriting by TensorFlow
 * puts more in front and behind.
 */
export function findNode({ nodes }: Program, name: string): AnyNode | null {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const parts = name.split('/');
  for (let from = 0; from < parts.length; from++) {
    for (let to = parts.length; to > from; to--) {
      const found = byName.get(parts.slice(from, to).join('/'));
      if (found) return found;
    }
  }
  return null;
}
