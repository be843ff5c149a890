/** Reverse-mode differentiation over a program: gradients are ordinary nodes, so they have gradients themselves. */
import { EngineError } from '../errors.ts';
import { scope } from '../program/graph.ts';
import { add, filled, sameShape } from '../program/index.ts';
import type { OpName } from '../program/ops/table.ts';
import type { AnyNode, Node, Tensor } from '../program/tensor.ts';
import type { Expansion, Expansions, Rule, Rules } from './rule.ts';
import { activation } from './rules/activation.ts';
import { arrange } from './rules/arrange.ts';
import { convolution } from './rules/convolution.ts';
import { elementwise } from './rules/elementwise.ts';
import { linear } from './rules/linear.ts';
import { norm, normExpansions } from './rules/norm.ts';
import { reduce } from './rules/reduce.ts';
import { resample } from './rules/resample.ts';

const rules: Rules = {
  ...elementwise,
  ...activation,
  ...arrange,
  ...reduce,
  ...linear,
  ...convolution,
  ...norm,
  ...resample,
};
const expansions: Expansions = normExpansions;

/**
 * Gradients of `y` to each of `xs`, in their shapes; zeros where y does not depend on one. A `y` that is no scalar
 * stands for the sum of its elements.
 *
 * @throws EngineError GRADIENT where an operation on the way has no rule, by its name.
 */
export function gradients(y: Tensor, xs: readonly Tensor[]): Tensor[] {
  const { graph } = y.node;
  return scope(graph, 'gradients', () => {
    const known = new Map([[y, filled(graph, 1, y.shape, y.dtype)]]);
    sweep(graph.nodes.slice(0, y.node.id + 1), known, xs);
    return xs.map((x) => known.get(x) ?? filled(graph, 0, x.shape, x.dtype));
  });
}

/** Completes `known`, gradients by tensor, from the outputs of `nodes` back to those of `xs` that matter to them. */
function sweep(nodes: readonly AnyNode[], known: Map<Tensor, Tensor>, xs: readonly Tensor[]): void {
  const dependent = dependentOn(xs, nodes);
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => known.has(output))) continue;
    if (node.inputs.some((input) => dependent.has(input))) propagate(node, known, dependent);
  }
}

/** All tensors of `nodes`, inputs first, whose value depends on some of `xs`. */
function dependentOn(xs: readonly Tensor[], nodes: readonly AnyNode[]): ReadonlySet<Tensor> {
  const dependent = new Set(xs);
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => dependent.has(input))) continue;
    for (const output of outputs) dependent.add(output);
  }
  return dependent;
}

/** Adds what the gradients to a node's outputs say about those of its inputs that matter. */
function propagate(node: AnyNode, known: Map<Tensor, Tensor>, dependent: ReadonlySet<Tensor>): void {
  inputGradients(node, known, dependent).forEach((gradient, index) => {
    const input = node.inputs[index];
    if (!gradient || !input) return;
    if (!sameShape(gradient.shape, input.shape) || gradient.dtype !== input.dtype) {
      throw new EngineError('GRADIENT', `${node.op}: the rule for input ${index} is wrong, at ${node.name}`);
    }
    const sofar = known.get(input);
    known.set(input, sofar ? add(sofar, gradient) : gradient);
  });
}

/** By input of a node: the gradient through this node alone; null where it has none or does not matter. */
function inputGradients<O extends OpName>(
  node: Node<O>,
  known: ReadonlyMap<Tensor, Tensor>,
  dependent: ReadonlySet<Tensor>,
): readonly (Tensor | null)[] {
  const [first, ...others] = node.outputs;
  const rule: Rule<O> | undefined = rules[node.op];
  const expansion: Expansion<O> | undefined = expansions[node.op];
  if (expansion) return throughExpansion(node, expansion, known, dependent);
  if (!rule) throw new EngineError('GRADIENT', `${node.op} has no gradient rule, at ${node.name}`);
  const dy = first && known.get(first);
  if (!dy || others.some((output) => known.has(output))) {
    throw new EngineError('GRADIENT', `${node.op} has a gradient for its first output only, at ${node.name}`);
  }
  const makers = rule(node, dy);
  return node.inputs.map((input, index) => (dependent.has(input) && makers[index]?.()) || null);
}

/** Differentiates the stand-ins of a node's outputs back to its inputs and no further. */
function throughExpansion<O extends OpName>(
  node: Node<O>,
  expand: Expansion<O>,
  known: ReadonlyMap<Tensor, Tensor>,
  dependent: ReadonlySet<Tensor>,
): (Tensor | null)[] {
  const { graph, inputs, outputs } = node;
  const from = graph.nodes.length;
  const inner = new Map<Tensor, Tensor>();
  expand(node).forEach((standIn, index) => {
    const dy = outputs[index] && known.get(outputs[index]);
    if (dy) inner.set(standIn, dy);
  });
  const wanted = inputs.filter((input) => dependent.has(input));
  sweep(graph.nodes.slice(from), inner, wanted);
  // An input that stands in two places has one gradient, that of both.
  return inputs.map((input, index) => (inputs.indexOf(input) === index && inner.get(input)) || null);
}
