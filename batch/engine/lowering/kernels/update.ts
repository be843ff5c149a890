/** What changes state, and what waits. */
import { inputOf } from '../../program/graph.ts';
import { type } from '../emitter.ts';
import { direct, type Kernels } from './kernel.ts';

export const update = {
  // The order itself is in the control edges that every emission may have.
  waitFor: direct('Identity'),

  assign: (node, to) => {
    const { name, dtype } = node.attributes.state;
    return to.op('AssignVariableOp', [to.variable(name), to.ref(inputOf(node, 0))], { dtype: type(dtype) });
  },
  // The kernel's own bias correction is switched off by powers of 0: `rate` and ε̂ hold it, in float64's precision.
  adam: (node, to) => {
    const { weight, first, second } = node.attributes;
    const [gradient, rate, beta1, beta2, epsilon] = node.inputs.map(to.ref) as [string, string, string, string, string];
    const variables = [weight, first, second].map(({ name }) => to.variable(name));
    const { dtype } = weight;
    const zero = to.constant(dtype, [], [0], 'zero');
    const inputs = [...variables, zero, zero, rate, beta1, beta2, epsilon, gradient];
    return to.op('ResourceApplyAdam', inputs, { T: type(dtype) });
  },
} satisfies Partial<Kernels>;
