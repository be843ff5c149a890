/** Constants, shared by all signatures; knows no operation that uses them. */
import { emitOne, type Graph, inPrecision } from '../graph.ts';
import { sizeOf } from '../shape.ts';
import type { DType, Shape, Tensor } from '../tensor.ts';
import { broadcastTo } from './arrange.ts';

/** Values in C order, once per program. */
export function constant(
  graph: Graph,
  values: readonly number[],
  shape: Shape = [values.length],
  declared: DType = 'float32',
): Tensor {
  const dtype = inPrecision(graph, declared);
  if (sizeOf(shape) !== values.length) {
    throw new RangeError(`constant: ${values.length} values do not fill [${shape.join(', ')}]`);
  }
  // Object.is tells 0 and -0 apart, which a join does not.
  const key = `${dtype} ${shape.join()} ${values.map((value) => (Object.is(value, -0) ? '-0' : value)).join()}`;
  const known = graph.constants.get(key);
  if (known) return known;
  const made = emitOne(graph, 'constant', [], { values }, { dtype, shape });
  graph.constants.set(key, made);
  return made;
}

/** A scalar of the type that `like` has. */
export function scalarLike(like: Tensor, value: number): Tensor {
  return constant(like.node.graph, [value], [], like.dtype);
}

/** An array filled with one value. */
export function filled(graph: Graph, value: number, shape: Shape, dtype: DType = 'float32'): Tensor {
  return broadcastTo(constant(graph, [value], [], dtype), shape);
}
