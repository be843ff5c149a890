/** The form of a gradient rule; knows no operation's. */
import type { OpName } from '../program/ops/table.ts';
import type { Node, Tensor } from '../program/tensor.ts';

/** Gradient to one input, emitted only when it is asked for; null where the input has none by definition. */
export type InputGradient = (() => Tensor) | null;

/** Gradients to the inputs of `node`, in order, where `dy` is the gradient to its first output. */
export type Rule<O extends OpName> = (node: Node<O>, dy: Tensor) => readonly InputGradient[];

/** Rules by operation. An operation that is not here has no gradient. */
export type Rules = { readonly [O in OpName]?: Rule<O> };

/**
 * The outputs of `node` once more, made of operations that have rules: a way to differentiate what has no rule. The
 * nodes of an expansion run only where a gradient needs them.
 */
export type Expansion<O extends OpName> = (node: Node<O>) => readonly Tensor[];

/** Expansions by operation, of those that have no rule. */
export type Expansions = { readonly [O in OpName]?: Expansion<O> };

/** Evaluates once, for rules whose node gives several gradients. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
