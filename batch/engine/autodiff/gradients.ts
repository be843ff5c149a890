/** Reverse-mode differentiation over a program: gradients are ordinary nodes, so they have gradients themselves. */
import { EngineError } from '../errors.ts';
import { scope } from '../program/graph.ts';
import { add, filled, sameShape } from '../program/index.ts';
import type { OpName } from '../program/ops/table.ts';
import type { AnyNode, Node, Tensor } from '../program/tensor.ts';
import type { InputGradient, Rules } from './rule.ts';
import { arrange } from './rules/arrange.ts';
import { elementwise } from './rules/elementwise.ts';
import { layer } from './rules/layer.ts';

const rules: Rules = { ...elementwise, ...arrange, ...layer };

/** Operations that have a gradient. */
export const differentiable: readonly string[] = Object.keys(rules);

/**
 * Gradients of `y` to each of `xs`, in their shapes; zeros where y does not depend on one. A `y` that is no scalar
 * stands for the sum of its elements.
 *
 * @throws EngineError GRADIENT where an operation on the way has no rule, by its name.
 */
export function gradients(y: Tensor, xs: readonly Tensor[]): Tensor[] {
  const { graph } = y.node;
  return scope(graph, 'gradients', () => {
    const nodes = graph.nodes.slice(0, y.node.id + 1);
    const dependent = dependentOn(xs, nodes);
    const known = new Map<Tensor, Tensor>([[y, filled(graph, 1, y.shape, y.dtype)]]);
    for (const node of nodes.toReversed()) propagate(node, known, dependent);
    return xs.map((x) => known.get(x) ?? filled(graph, 0, x.shape, x.dtype));
  });
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
  const [first, ...others] = node.outputs;
  if (!first || !node.outputs.some((output) => known.has(output))) return;
  if (!node.inputs.some((input) => dependent.has(input))) return;
  const dy = known.get(first);
  if (!dy || others.some((output) => known.has(output))) {
    throw new EngineError('GRADIENT', `${node.op} has a gradient for its first output only, at ${node.name}`);
  }
  const inputGradients = applyRule(node, dy);
  node.inputs.forEach((input, index) => {
    const make = inputGradients[index];
    if (!make || !dependent.has(input)) return;
    const gradient = make();
    if (!sameShape(gradient.shape, input.shape) || gradient.dtype !== input.dtype) {
      throw new EngineError('GRADIENT', `${node.op}: the rule for input ${index} is wrong, at ${node.name}`);
    }
    const sofar = known.get(input);
    known.set(input, sofar ? add(sofar, gradient) : gradient);
  });
}

function applyRule<O extends OpName>(node: Node<O>, dy: Tensor): readonly InputGradient[] {
  const rule = rules[node.op];
  if (!rule) throw new EngineError('GRADIENT', `${node.op} has no gradient rule, at ${node.name}`);
  return rule(node, dy);
}
