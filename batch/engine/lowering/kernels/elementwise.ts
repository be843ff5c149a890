/** Arithmetic, element by element. */
import { inputOf, outputOf } from '../../program/graph.ts';
import { type } from '../emitter.ts';
import { direct, type Kernels } from './kernel.ts';

export const elementwise = {
  add: direct('AddV2'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('RealDiv'),
  maximum: direct('Maximum'),
  minimum: direct('Minimum'),
  negate: direct('Neg'),
  square: direct('Square'),
  sqrt: direct('Sqrt'),
  rsqrt: direct('Rsqrt'),
  power: (node, to) => {
    const { dtype } = outputOf(node, 0);
    const exponent = to.constant(dtype, [], [node.attributes.exponent], 'exponent');
    return to.op('Pow', [to.ref(inputOf(node, 0)), exponent], { T: type(dtype) });
  },
  exp: direct('Exp'),
  log: direct('Log'),
  sin: direct('Sin'),
  cos: direct('Cos'),
  erf: direct('Erf'),
  abs: direct('Abs'),
  sign: direct('Sign'),
  floor: direct('Floor'),
  cast: (node, to) => {
    const types = { SrcT: type(inputOf(node, 0).dtype), DstT: type(outputOf(node, 0).dtype) };
    return to.op('Cast', node.inputs.map(to.ref), types);
  },
  stopGradient: direct('StopGradient'),
} satisfies Partial<Kernels>;
