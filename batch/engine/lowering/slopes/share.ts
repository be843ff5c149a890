/**
 * One pass back through D for the slopes of its logits and the gradient of its loss, and one product a kernel for the
 * gradients of loss and penalty; knows no network, no loss and no penalty.
 */
import { matMul, multiply, reshape, type Shape, sizeOf, sum, type Tensor } from '../../program/index.ts';
import type { AnyNode } from '../../program/tensor.ts';
import type { Replace } from '../../program/transform.ts';
import { mergeProducts, type Product, productOf, termsOf } from './products.ts';
import { rowwiseInputs } from './rowwise.ts';

/** A tensor `[n, …]` as another one, of which each row is multiplied by a number. */
interface Scaled {
  /** `[n, 1]`. */
  readonly factor: Tensor;
  readonly base: Tensor;
}

/**
 * Where a logit depends on its own image alone, the gradient of the loss to whatever lies below the logit is the logit's
 * slope there, times the gradient `s` of the loss to the logit. R1 and R2 compute the slopes, from ones in the place of
 * `s`: their pass back serves both. No network has to declare that it is so. What begins with `s` follows the pass that
 * began with ones for as long as operations keep rows apart; one that mixes them, or an activation whose curvature adds
 * something, ends that.
 *
 * Then a kernel's gradient is the loss's part `x ⊗ s·g` and the penalty's `t ⊗ g`, with the slope g in both. That is
 * `(s·x + t) ⊗ g`: one product of the price of each.
 *
 * Steps with R1 without and with it, medians in milliseconds, both in turn on 2 cores of AMD EPYC (Zen 4), TensorFlow 2.21
 * (`npx tsx infra/test/bench/step/slopes.ts` measures again):
 *
 * | workload         | plain | shared |
 * | ---------------- | ----- | ------ |
 * | dcgan28-r1       |  37.0 |   35.0 |
 * | dcgan64-light-r1 | 145.9 |  128.1 |
 * | dcgan64-r1       | 773.2 |  679.8 |
 */
export function shareSlopes(): Replace {
  const known = new Map<string, Tensor>();
  const scaled = new Map<Tensor, Scaled>();

  const scaledOf = (tensor: Tensor, signature: AnyNode['signature']): Scaled | null => {
    const column = tensor.shape.length === 2 && tensor.shape[1] === 1;
    const ones = column ? known.get(onesKey(signature, tensor.shape)) : undefined;
    return scaled.get(tensor) ?? (ones && ones !== tensor ? { factor: tensor, base: ones } : null);
  };

  /** `node` as what is known already, scaled, where those of its inputs that `among` numbers are. */
  const followed = (node: AnyNode, inputs: readonly Tensor[], among: readonly number[]): Tensor | null => {
    const found = among.map((index) => scaledOf(inputs[index] as Tensor, node.signature));
    const [first] = found;
    if (!first || found.some((one) => one?.factor !== first.factor)) return null;
    const unscaled = inputs.map((input, index) => found[among.indexOf(index)]?.base ?? input);
    const base = known.get(keyOf(node, unscaled));
    if (!base) return null;
    const result = scaleRows({ factor: first.factor, base });
    scaled.set(result, { factor: first.factor, base });
    return result;
  };

  const factors = (term: Tensor): Product | null => {
    const product = productOf(term);
    const dy = product && scaled.get(product.dy);
    return dy ? { ...product, x: scaleRows({ factor: dy.factor, base: product.x }), dy: dy.base } : product;
  };

  return (node, inputs) => {
    for (const input of inputs) remember(known, input);
    const [first] = inputs;
    switch (node.op) {
      case 'biasAddGradient': {
        const found = first && scaled.get(first);
        return found ? [sumScaledRows(found)] : null;
      }
      case 'add': {
        const found = followed(node, inputs, [0, 1]) ?? mergeProducts(inputs.flatMap(termsOf), factors);
        return found && [found];
      }
      default: {
        for (const index of rowwiseInputs(node)) {
          const found = followed(node, inputs, [index]);
          if (found) return [found];
        }
        return null;
      }
    }
  };
}

/** Keeps a tensor for {@link keyOf} to find, or {@link onesKey}. */
function remember(known: Map<string, Tensor>, tensor: Tensor): void {
  const { node, shape } = tensor;
  if (node.op === 'broadcastTo') {
    const from = node.inputs[0]?.node;
    if (from?.op === 'constant' && from.attributes.values.every((value) => value === 1)) {
      known.set(onesKey(node.signature, shape), tensor);
    }
  }
  if (node.op !== 'add' && rowwiseInputs(node).length === 0) return;
  const key = keyOf(node, node.inputs);
  if (!known.has(key)) known.set(key, tensor);
}

/** The same for two nodes of the same value, where operation and inputs say so. */
function keyOf({ op, attributes, outputs }: AnyNode, inputs: readonly Tensor[]): string {
  const operands = inputs.map(({ node, index }) => `${node.id}:${index}`);
  return [op, JSON.stringify(attributes), outputs[0]?.shape.join(), ...operands].join(' ');
}

const onesKey = (signature: AnyNode['signature'], shape: Shape): string => `ones ${signature} ${shape.join()}`;

function scaleRows({ factor, base }: Scaled): Tensor {
  return multiply(
    reshape(
      factor,
      base.shape.map((length, axis) => (axis === 0 ? length : 1)),
    ),
    base,
  );
}

/** The sum over all axes but the last, without the scaled rows in memory. */
function sumScaledRows({ factor, base }: Scaled): Tensor {
  const [rows = 0] = base.shape;
  const channels = base.shape.at(-1) ?? 1;
  const pixels = sizeOf(base.shape) / rows / channels;
  const weighed = matMul(factor, reshape(base, [rows, pixels * channels]), { transposeA: true });
  return sum(reshape(weighed, [pixels, channels]), [0]);
}
