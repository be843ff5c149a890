/** Activations and softmax. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { DType } from '../../program/tensor.ts';
import { type Emitter, type } from '../emitter.ts';
import { direct, type Kernels } from './kernel.ts';

/** `value` where `sign` is positive, `slope · value` elsewhere. LeakyRelu's own attribute holds no float64. */
function positiveOr(to: Emitter, dtype: DType, sign: string, value: string, slope: number): string {
  const T = type(dtype);
  const small = to.op('Mul', [value, to.constant(dtype, [], [slope], 'slope')], { T }, 'small');
  const positive = to.op('Greater', [sign, to.constant(dtype, [], [0], 'zero')], { T }, 'positive');
  return to.op('SelectV2', [positive, value, small], { T });
}

export const activation = {
  relu: direct('Relu'),
  reluGradient: direct('ReluGrad'),
  leakyRelu: (node, to) => {
    const [{ dtype }, x, { slope }] = [outputOf(node, 0), to.ref(inputOf(node, 0)), node.attributes];
    if (dtype === 'float32') return to.op('LeakyRelu', [x], { T: type(dtype), alpha: { float: slope } });
    return positiveOr(to, dtype, x, x, slope);
  },
  leakyReluGradient: (node, to) => {
    const [{ dtype }, { slope }] = [outputOf(node, 0), node.attributes];
    const [dy, y] = [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))];
    if (dtype === 'float32') return to.op('LeakyReluGrad', [dy, y], { T: type(dtype), alpha: { float: slope } });
    return positiveOr(to, dtype, y, dy, slope);
  },
  tanh: direct('Tanh'),
  tanhGradient: direct('TanhGrad'),
  sigmoid: direct('Sigmoid'),
  softplus: direct('Softplus'),
  elu: direct('Elu'),
  softmax: direct('Softmax'),
  logSoftmax: direct('LogSoftmax'),
} satisfies Partial<Kernels>;
