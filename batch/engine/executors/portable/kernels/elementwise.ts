/** Arithmetic, element by element. */
import { outputOf } from '../../../program/graph.ts';
import type { DType } from '../../../program/tensor.ts';
import type { Numbers } from '../cpu.ts';
import type { Kernels } from '../frame.ts';
import { binary, scalar, unary } from './plain.ts';

export const elementwise = {
  add: binary('Add'),
  subtract: binary('Sub'),
  multiply: binary('Multiply'),
  divide: binary('RealDiv'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  negate: unary('Neg'),
  square: unary('Square'),
  sqrt: unary('Sqrt'),
  rsqrt: unary('Rsqrt'),
  power: (node, on, x) => on.run('Pow', { a: x, b: scalar(on, Math.fround(node.attributes.exponent)) }),
  exp: unary('Exp'),
  log: unary('Log'),
  sin: unary('Sin'),
  cos: unary('Cos'),
  erf: unary('Erf'),
  abs: unary('Abs'),
  sign: unary('Sign'),
  floor: unary('Floor'),
  cast: (node, on, x) => {
    const type = outputOf(node, 0);
    return on.make(type, convert(on.numbers(x), type.dtype));
  },
  stopGradient: (_, on, x) => on.share(x),
  waitFor: (_, on, x) => on.share(x),
} satisfies Partial<Kernels>;

/** As C converts: floats are cut off, bytes wrap, and all but zero is true. */
function convert(numbers: Numbers, dtype: DType): Numbers {
  if (dtype === 'bool') return Uint8Array.from(numbers, (value) => Number(value !== 0));
  if (dtype === 'uint8') return Uint8Array.from(numbers);
  return dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
}
