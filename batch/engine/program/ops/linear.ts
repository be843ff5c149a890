/** Products of matrices, and biases; knows no weights of its own. */
import { emitOne } from '../graph.ts';
import { sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { refuseShapes, requireFactors, requireFloats } from './check.ts';

/**
 * `a · b`, each transposed first where asked: `[…, rows, inner]` and `[…, inner, columns]` give `[…, rows, columns]`. The
 * axes before the last two are a batch, the same in both.
 */
export function matMul(a: Tensor, b: Tensor, options: { transposeA?: boolean; transposeB?: boolean } = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  requireFactors('matMul', [a, b]);
  const batch = a.shape.slice(0, -2);
  const [left, right] = [a.shape.slice(-2), b.shape.slice(-2)];
  const [rows, inner] = transposeA ? left.toReversed() : left;
  const [inner2, columns] = transposeB ? right.toReversed() : right;
  const fit = inner !== undefined && inner === inner2 && sameShape(batch, b.shape.slice(0, -2));
  if (!fit || rows === undefined || columns === undefined) return refuseShapes('matMul', [a, b], 'do not fit');
  const shape = [...batch, rows, columns];
  return emitOne(a.node.graph, 'matMul', [a, b], { transposeA, transposeB }, { dtype: a.dtype, shape });
}

/** Adds `bias` `[channels]` to the last axis. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  requireFloats('biasAdd', [x, bias]);
  if (x.shape.length < 2 || !sameShape(bias.shape, x.shape.slice(-1)))
    return refuseShapes('biasAdd', [x, bias], 'do not fit');
  return emitOne(x.node.graph, 'biasAdd', [x, bias], {}, x);
}

/** Sum over all axes but the last. */
export function biasAddGradient(dy: Tensor): Tensor {
  requireFloats('biasAddGradient', [dy]);
  return emitOne(dy.node.graph, 'biasAddGradient', [dy], {}, { dtype: dy.dtype, shape: dy.shape.slice(-1) });
}
