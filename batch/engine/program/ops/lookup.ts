/** Rows of a table by number, and back; knows no embedding. */
import { emitOne } from '../graph.ts';
import { sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { refuseShapes, requireFloats, requireType } from './check.ts';

/** Rows of `x` by number: `[n, …]` and int32 `[k]` give `[k, …]`. A number that is no row's ends the call with an error. */
export function gather(x: Tensor, indices: Tensor): Tensor {
  requireType('gather', [indices], ['int32']);
  const [, ...rest] = x.shape;
  if (x.shape.length === 0 || indices.shape.length !== 1) {
    return refuseShapes('gather', [x, indices], 'are not an array of rows and a list of indices');
  }
  return emitOne(x.node.graph, 'gather', [x, indices], {}, { dtype: x.dtype, shape: [...indices.shape, ...rest] });
}

/** A table of `rows` rows, each the sum of those rows of `x` `[k, …]` that `indices` int32 `[k]` give its number. */
export function scatterAdd(x: Tensor, indices: Tensor, rows: number): Tensor {
  requireFloats('scatterAdd', [x]);
  requireType('scatterAdd', [indices], ['int32']);
  const [, ...rest] = x.shape;
  if (x.shape.length === 0 || !sameShape(indices.shape, x.shape.slice(0, 1))) {
    return refuseShapes('scatterAdd', [x, indices], 'are not rows and an index for each');
  }
  return emitOne(x.node.graph, 'scatterAdd', [x, indices], { rows }, { dtype: x.dtype, shape: [rows, ...rest] });
}
