/** Gradients of batch norm: TensorFlow's fused kernel for the first order, the formula written out for every other. */
import { emit, inputOf, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import { type Expansions, once, type Rules } from '../rule.ts';

const { mean, multiply, scale, subtract, sum } = ops;

export const norm: Rules = {
  batchNorm: (node, dy) => {
    const [x, gain] = [inputOf(node, 0), inputOf(node, 1)];
    const saved = [3, 4, 5].map((index) => outputOf(node, index));
    const gradients = once(() =>
      emit(node.graph, 'batchNormGradient', [dy, x, gain, ...saved], node.attributes, [x, gain, gain]),
    );
    return [0, 1, 2].map((index) => () => outputOf(gradients(), index));
  },
};

/** Pixels of all images: what batch norm averages over. */
const AXES = [0, 1, 2];

export const normExpansions: Expansions = {
  // Its other inputs are what the forward kernel saved: functions of x, here computed from it again.
  batchNormGradient: (node) => {
    const [dy, x, gain] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const centred = subtract(x, mean(x, AXES));
    const inverse = ops.rsqrt(ops.shift(mean(ops.square(centred), AXES), node.attributes.epsilon));
    const normal = multiply(centred, inverse);
    const [toGain, toBias] = [sum(multiply(dy, normal), AXES), sum(dy, AXES)];
    const share = 1 / ops.sizeOf(x.shape.slice(0, -1));
    const passed = subtract(subtract(dy, scale(toBias, share)), multiply(normal, scale(toGain, share)));
    return [multiply(multiply(gain, inverse), passed), toGain, toBias];
  },
  batchNormInference: (node) => {
    const [x, gain, bias] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const [mean, variance] = [inputOf(node, 3), inputOf(node, 4)];
    return [ops.composedBatchNormInference(x, { gain, bias, mean, variance }, node.attributes.epsilon)];
  },
};
