/** The complaints that shape rules share: operation, shapes and place in one sentence; knows no rule itself. */
import { EngineError } from '../../errors.ts';
import { place } from '../graph.ts';
import { showShape } from '../shape.ts';
import type { DType, Tensor } from '../tensor.ts';

/** Ends a shape rule: `matMul: [32, 100] and [99, 7] do not fit, in train/generator`. */
export function refuseShapes(op: string, operands: readonly Tensor[], why: string): never {
  const [first] = operands;
  const where = first ? `, in ${place(first.node.graph)}` : '';
  throw new EngineError(
    'SHAPE',
    `${op}: ${operands.map(({ shape }) => showShape(shape)).join(' and ')} ${why}${where}`,
  );
}

/** Throws where `x` lacks one of `axes`, or one is named twice. */
export function requireAxes(op: string, x: Tensor, axes: readonly number[]): void {
  const known = axes.every((axis) => x.shape[axis] !== undefined);
  if (!known || new Set(axes).size < axes.length) refuseShapes(op, [x], `has no axes ${axes.join(', ')}`);
}

/** Throws where an operand has another element type than the operation takes. */
export function requireType(op: string, operands: readonly Tensor[], allowed: readonly DType[]): void {
  for (const { dtype, node } of operands) {
    if (!allowed.includes(dtype)) {
      throw new EngineError('DTYPE', `${op}: takes ${allowed.join(' or ')}, not ${dtype}, in ${place(node.graph)}`);
    }
  }
}

export const FLOATS: readonly DType[] = ['float32', 'float64'];

/** Throws where operands are not all of one of these types. */
export function requireOneType(op: string, operands: readonly Tensor[], allowed: readonly DType[]): void {
  requireType(op, operands, allowed);
  const types = new Set(operands.map(({ dtype }) => dtype));
  const [first] = operands;
  if (first && types.size > 1) {
    throw new EngineError('DTYPE', `${op}: mixes ${[...types].join(' and ')}, in ${place(first.node.graph)}`);
  }
}

/** Throws where operands are not all of one floating type. */
export function requireFloats(op: string, operands: readonly Tensor[]): void {
  requireOneType(op, operands, FLOATS);
}

/** The same for products, which there are of bfloat16 too. */
export function requireFactors(op: string, operands: readonly Tensor[]): void {
  requireOneType(op, operands, [...FLOATS, 'bfloat16']);
}
