/** Gradients to kernels as products of two factors, and sums of those that have one in common; knows no rows' scales. */
import { add, conv2dFilterGradient, depthwiseConv2dFilterGradient, matMul, type Tensor } from '../../program/index.ts';

/** A gradient to a kernel: linear in what went in and in the gradient to what came out. */
export interface Product {
  /** What went into the layer, `[n, …]`. */
  readonly x: Tensor;
  /** Gradient to what came out, `[n, …]`. */
  readonly dy: Tensor;
  /** What else it is made of, as text. */
  readonly kind: string;
  /** The gradient for other factors. */
  build(x: Tensor, dy: Tensor): Tensor;
}

/** The product that a tensor is, if it is one. */
export function productOf({ node, shape }: Tensor): Product | null {
  const [x, dy] = node.inputs;
  if (!x || !dy) return null;
  switch (node.op) {
    case 'conv2dFilterGradient': {
      const sliding = node.attributes;
      return { x, dy, kind: kindOf(node), build: (x, dy) => conv2dFilterGradient(x, dy, sliding, shape) };
    }
    case 'depthwiseConv2dFilterGradient': {
      const sliding = node.attributes;
      return { x, dy, kind: kindOf(node), build: (x, dy) => depthwiseConv2dFilterGradient(x, dy, sliding, shape) };
    }
    case 'matMul': {
      const { attributes } = node;
      const fits = attributes.transposeA && !attributes.transposeB && x.shape.length === 2;
      return fits ? { x, dy, kind: kindOf(node), build: (x, dy) => matMul(x, dy, attributes) } : null;
    }
    default:
      return null;
  }
}

const kindOf = ({ op, attributes }: { readonly op: string; readonly attributes: object }) =>
  `${op} ${JSON.stringify(attributes)}`;

/** What a sum is made of, through sums of sums of its shape. */
export function termsOf(tensor: Tensor): Tensor[] {
  const { node, shape } = tensor;
  const whole = node.op === 'add' && node.inputs.every((input) => input.shape.join() === shape.join());
  return whole ? node.inputs.flatMap(termsOf) : [tensor];
}

/**
 * The sum of `terms`, in which products with the same second factor are one product: `factors` says which term is one.
 * Null where no two have the same.
 */
export function mergeProducts(terms: readonly Tensor[], factors: (term: Tensor) => Product | null): Tensor | null {
  const others: Tensor[] = [];
  const groups = new Map<string, { readonly first: Product; readonly terms: Tensor[]; readonly xs: Tensor[] }>();
  for (const term of terms) {
    const product = factors(term);
    if (!product) {
      others.push(term);
      continue;
    }
    const key = `${product.kind} ${product.dy.node.id}:${product.dy.index}`;
    const group = groups.get(key) ?? { first: product, terms: [], xs: [] };
    groups.set(key, group);
    group.terms.push(term);
    group.xs.push(product.x);
  }
  if (others.length + groups.size === terms.length) return null;
  const products = [...groups.values()].map(({ first, terms: [only, second], xs }) =>
    only && !second ? only : first.build(xs.reduce(add), first.dy),
  );
  return [...others, ...products].reduce(add);
}
