/** Computes products of matrices and convolutions in bfloat16, and nothing else; knows no network. */
import { outputOf } from '../program/graph.ts';
import { cast, conv2d, conv2dFilterGradient, conv2dInputGradient, matMul, type Tensor } from '../program/index.ts';
import type { AnyNode } from '../program/tensor.ts';
import type { Replace } from '../program/transform.ts';

/**
 * bfloat16 has the range of float32 and 8 of its 24 digits. Factors are rounded to it; what they make is summed in
 * float32 and rounded once. Weights, moments, norms, losses and all arithmetic between the products stay float32, and so
 * does every product that is wide, as those of a penalty and its gradient are.
 *
 * A factor of several products is rounded once.
 *
 * All of TensorFlow's kernels sum in float32 but one: on processors without AVX-512, where oneDNN has no bfloat16, Eigen sums
 * gradients to the kernels of convolutions in bfloat16, and hundreds of equal terms no longer add up.
 */
export function narrowProducts(): Replace {
  const narrow = new Map<Tensor, Tensor>();
  const narrowed = (factor: Tensor): Tensor => {
    const known = narrow.get(factor) ?? cast(factor, 'bfloat16');
    // A constant is of all signatures, what is made of it of this one.
    if (factor.node.signature !== null) narrow.set(factor, known);
    return known;
  };
  return (node, inputs) => {
    const multiply = productOf(node);
    const [a, b] = inputs;
    if (!multiply || !a || !b || node.wide || !isLarge(node)) return null;
    return [cast(multiply(narrowed(a), narrowed(b)), 'float32')];
  };
}

/** By a vector, a product is bound by memory: fewer digits would gain nothing. D's logits and spectral norms are such. */
function isLarge(node: AnyNode): boolean {
  if (outputOf(node, 0).dtype !== 'float32') return false;
  return node.op !== 'matMul' || [...node.inputs, outputOf(node, 0)].every(isMatrix);
}

const isMatrix = ({ shape }: Tensor) => shape.slice(-2).every((length) => length > 1);

/** The same product of other factors; null for all that is none. */
function productOf(node: AnyNode): ((a: Tensor, b: Tensor) => Tensor) | null {
  switch (node.op) {
    case 'conv2d': {
      const { stride, padding } = node.attributes;
      return (x, kernel) => conv2d(x, kernel, stride, { padding });
    }
    case 'conv2dInputGradient':
      return (dy, kernel) => conv2dInputGradient(dy, kernel, node.attributes, outputOf(node, 0).shape);
    case 'conv2dFilterGradient':
      return (x, dy) => conv2dFilterGradient(x, dy, node.attributes, outputOf(node, 0).shape);
    case 'matMul':
      return (a, b) => matMul(a, b, node.attributes);
    default:
      return null;
  }
}
