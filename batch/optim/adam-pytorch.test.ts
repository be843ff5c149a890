/** Adam against PyTorch's own numbers. */
import { expect, test } from 'vitest';
import { createGraph, feed, finish, multiply, read, signature, state, sum } from '../engine/program/index.ts';
import { initialise } from '../engine/program/init.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { type AdamOptions, adamMoments, adamRates, adamScalars, adamSchedule, descend } from './adam.ts';
import { objective } from './objective.ts';
import { scalarVector } from './scalars.ts';

/** Gradients of the first five steps of three weights that begin at 0. */
const gradients = [
  [0.5, -1, 3e-4],
  [-0.25, 2, -1e-4],
  [1.5, 0.125, 2e-4],
  [0, -0.75, 5e-5],
  [-1, 0.5, -3e-4],
];

/**
 * The weights after each step: `torch.optim.Adam([p], lr, betas, eps)` of PyTorch 2.15.0, with `p = torch.zeros(3)` in
 * float64 and `p.grad` set to the rows above.
 */
const cases: readonly (AdamOptions & { readonly weights: readonly (readonly number[])[] })[] = [
  {
    learningRate: 2e-4,
    beta1: 0.5,
    beta2: 0.999,
    epsilon: 1e-8,
    weights: [
      [-1.99999996e-4, 1.99999998e-4, -1.999933335555e-4],
      [-1.99999996e-4, 7.352787127829e-5, -2.298122070702e-4],
      [-3.854139257914e-4, -3.818650480973e-6, -3.488619725807e-4],
      [-4.853511306763e-4, 2.441505235464e-5, -4.407288403246e-4],
      [-4.089344308102e-4, -8.465244775163e-6, -3.360168020909e-4],
    ],
  },
  {
    learningRate: 1e-2,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 0.1,
    weights: [
      [-8.333333333333e-3, 9.090909090909e-3, -2.991026919242e-5],
      [-1.046120146822e-2, 5.652000491031e-3, -3.883771540267e-5],
      [-1.649257270889e-2, 2.695663037142e-3, -5.183551745032e-5],
      [-2.136957697624e-2, 2.118907807562e-3, -6.250751872701e-5],
      [-2.230112484256e-2, 6.056634950798e-4, -6.32611866554e-5],
    ],
  },
  {
    learningRate: 1e-3,
    beta1: 0,
    beta2: 0.9,
    epsilon: 1e-3,
    weights: [
      [-9.98003992016e-4, 9.99000999001e-4, -2.307692307692e-4],
      [-3.569673425957e-4, -2.45623671559e-4, -1.487245905108e-4],
      [-1.91435263241e-3, -3.433626149752e-4, -3.137290377971e-4],
      [-1.91435263241e-3, 3.084247643412e-4, -3.560791620359e-4],
      [-7.535537819185e-4, -1.767357467123e-4, -1.093603790122e-4],
    ],
  },
];

test.each(cases)('β $beta1 and $beta2, ε $epsilon', ({ weights, ...options }) => {
  const graph = createGraph();
  const scalars = scalarVector(adamScalars('player'));
  const weight = state(graph, 'weight', [3], { init: { kind: 'fill', value: 0 } });
  const moments = adamMoments([weight]);
  signature(graph, 'step', () => {
    const loss = sum(multiply(read(weight), feed(graph, 'gradient', 'float32', [3])));
    const step = descend(objective(loss, [weight]), moments, adamRates(scalars.feed(graph), 'player'));
    return { gradientNorm: step.gradientNorm };
  });
  initialise(graph, 0);
  using(open(finish(graph)), (session) => {
    session.call('init');
    gradients.forEach((gradient, index) => {
      const schedule = scalars.value(adamSchedule('player', options, index + 1));
      const data = Float32Array.from(gradient);
      session.call('step', { gradient: { dtype: 'float32', shape: [3], data }, schedule });
      const moved = session.read(['weight']).get('weight')?.data ?? [];
      weights[index]?.forEach((expected, at) => {
        // An update is about the learning rate; float32's 1 - 0.999 is off by 1.3e-5, which is 7e-6 of it.
        const distance = Math.abs((moved[at] ?? Number.NaN) - expected);
        expect(distance, `weight ${at} after step ${index + 1}`).toBeLessThan(
          1e-5 * options.learningRate * (index + 1),
        );
      });
    });
  });
});
