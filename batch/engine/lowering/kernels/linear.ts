/** Products of matrices, and biases. */
import { outputOf } from '../../program/graph.ts';
import { type } from '../emitter.ts';
import { direct, type Kernels, layout } from './kernel.ts';

export const linear = {
  matMul: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const [operands, T] = [node.inputs.map(to.ref), type(dtype)];
    const [a, b] = [{ bool: node.attributes.transposeA }, { bool: node.attributes.transposeB }];
    if (shape.length === 2) return to.op('MatMul', operands, { T, transpose_a: a, transpose_b: b });
    return to.op('BatchMatMulV2', operands, { T, adj_x: a, adj_y: b });
  },
  biasAdd: direct('BiasAdd', () => layout),
  biasAddGradient: direct('BiasAddGrad', () => layout),
} satisfies Partial<Kernels>;
