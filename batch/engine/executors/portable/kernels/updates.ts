/** What changes the session's state. */
import type { Kernels } from '../frame.ts';
import { scalar } from './plain.ts';

export const updates = {
  assign: (node, on, x) => {
    on.setState(node.attributes.state, x);
    return [];
  },
  // m ← m + (1-β₁)(g - m), v ← v + (1-β₂)(g² - v), θ ← θ - rate·m/(√v + ε̂)
  adam: (node, on, gradient, rate, beta1, beta2, epsilon) => {
    const { weight, first, second } = node.attributes;
    const towards = (old: typeof rate, target: typeof rate, beta: typeof rate) => {
      const share = on.run('Sub', { a: scalar(on, 1), b: beta });
      const gap = on.run('Sub', { a: target, b: old });
      return on.run('Add', { a: old, b: on.run('Multiply', { a: gap, b: share }) });
    };
    const m = towards(on.state(first), gradient, beta1);
    const v = towards(on.state(second), on.run('Square', { x: gradient }), beta2);
    const divisor = on.run('Add', { a: on.run('Sqrt', { x: v }), b: epsilon });
    const step = on.run('RealDiv', { a: on.run('Multiply', { a: m, b: rate }), b: divisor });
    on.setState(first, m);
    on.setState(second, v);
    on.setState(weight, on.run('Sub', { a: on.state(weight), b: step }));
    return [];
  },
} satisfies Partial<Kernels>;
