/** Batch norm, in TensorFlow's fused kernels: float32 only. */
import type { Attribute } from '../../savedmodel/nodedef.ts';
import { type } from '../emitter.ts';
import { type Kernels, layout } from './kernel.ts';

function normalising(training: boolean, epsilon: number): Record<string, Attribute> {
  return {
    T: type('float32'),
    U: type('float32'),
    epsilon: { float: epsilon },
    is_training: { bool: training },
    ...layout,
  };
}

export const norm = {
  batchNorm: (node, to) => {
    const none = to.constant('float32', [0], [], 'none');
    const inputs = [...node.inputs.map(to.ref), none, none];
    return to.op('FusedBatchNormV3', inputs, normalising(true, node.attributes.epsilon));
  },
  batchNormGradient: (node, to) =>
    to.op('FusedBatchNormGradV3', node.inputs.map(to.ref), normalising(true, node.attributes.epsilon)),
  batchNormInference: (node, to) =>
    to.op('FusedBatchNormV3', node.inputs.map(to.ref), normalising(false, node.attributes.epsilon)),
} satisfies Partial<Kernels>;
