/** Activations, element by element, and softmax; knows no layer. */
import { emitOne } from '../graph.ts';
import { sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { refuseShapes, requireFloats } from './check.ts';
import { erf, multiply, scale, shift } from './elementwise.ts';
import { binary, unary } from './plain.ts';

export const relu = (x: Tensor): Tensor => unary('relu', x);
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** `1 / (1 + exp(-x))`. */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** `log(1 + exp(x))`, without overflow. */
export const softplus = (x: Tensor): Tensor => unary('softplus', x);
/** `x` where it is positive, `exp(x) - 1` elsewhere (Clevert et al. 2016). */
export const elu = (x: Tensor): Tensor => unary('elu', x);
/** `x · sigmoid(x)`, also known as swish. */
export const silu = (x: Tensor): Tensor => multiply(x, sigmoid(x));
/** `x · Φ(x)`, Φ the normal distribution's (Hendrycks and Gimpel 2016), exactly. */
export const gelu = (x: Tensor): Tensor => multiply(scale(x, 0.5), shift(erf(scale(x, Math.SQRT1_2)), 1));

/** `max(x, slope · x)`. */
export function leakyRelu(x: Tensor, slope = 0.2): Tensor {
  requireFloats('leakyRelu', [x]);
  return emitOne(x.node.graph, 'leakyRelu', [x], { slope }, x);
}

/** `dy` where `y = relu(x)` is positive, 0 elsewhere. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return sameShape(dy.shape, y.shape) ? binary('reluGradient', dy, y) : refuseShapes('reluGradient', [dy, y], 'differ');
}

/** `dy` where `y = leakyRelu(x)` is positive, `slope · dy` elsewhere; y has x's sign. */
export function leakyReluGradient(dy: Tensor, y: Tensor, slope: number): Tensor {
  requireFloats('leakyReluGradient', [dy, y]);
  if (!sameShape(dy.shape, y.shape)) return refuseShapes('leakyReluGradient', [dy, y], 'differ');
  return emitOne(dy.node.graph, 'leakyReluGradient', [dy, y], { slope }, dy);
}

/** `dy · (1 - y²)` where `y = tanh(x)`. */
export function tanhGradient(y: Tensor, dy: Tensor): Tensor {
  return sameShape(dy.shape, y.shape) ? binary('tanhGradient', y, dy) : refuseShapes('tanhGradient', [y, dy], 'differ');
}

/** `exp(x) / Σ exp(x)` over the last axis, without overflow. */
export const softmax = (x: Tensor): Tensor => alongRows('softmax', x);
/** `x - log Σ exp(x)` over the last axis, without overflow. */
export const logSoftmax = (x: Tensor): Tensor => alongRows('logSoftmax', x);

function alongRows(op: 'softmax' | 'logSoftmax', x: Tensor): Tensor {
  return x.shape.length === 0 ? refuseShapes(op, [x], 'has no last axis') : unary(op, x);
}
