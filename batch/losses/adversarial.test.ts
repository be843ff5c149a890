/** The losses at points where their values are known in closed form. */
import { expect, test } from 'vitest';
import { createGraph, feed, finish, signature } from '../engine/program/index.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import { minimax, nonSaturating } from './adversarial.ts';

/** Values of all losses where D gives `real` and `fake` as logits. */
function values(real: readonly number[], fake: readonly number[]): Record<string, number> {
  const graph = createGraph();
  signature(graph, 'losses', () => {
    const [r, f] = [feed(graph, 'real', 'float32', [real.length, 1]), feed(graph, 'fake', 'float32', [fake.length, 1])];
    return {
      discriminator: nonSaturating.discriminator(r, f),
      sameDiscriminator: minimax.discriminator(r, f),
      nonSaturating: nonSaturating.generator(f),
      minimax: minimax.generator(f),
    };
  });
  const column = (logits: readonly number[]) =>
    ({ dtype: 'float32', shape: [logits.length, 1], data: Float32Array.from(logits) }) as const;
  return using(open(finish(graph)), (session) => {
    const fetched = session.call('losses', { real: column(real), fake: column(fake) });
    return Object.fromEntries(Object.entries(fetched).map(([name, { data }]) => [name, data[0] ?? Number.NaN]));
  });
}

test('where D cannot tell, D loses 2 ln 2 and G ln 2, or gains it in the zero-sum game', () => {
  const at = values([0, 0], [0, 0, 0]);
  expect(at.discriminator).toBeCloseTo(2 * Math.LN2, 6);
  expect(at.sameDiscriminator).toBeCloseTo(2 * Math.LN2, 6);
  expect(at.nonSaturating).toBeCloseTo(Math.LN2, 6);
  expect(at.minimax).toBeCloseTo(-Math.LN2, 6);
});

test("equal the paper's formula at any probability", () => {
  const probability = (logit: number) => 1 / (1 + Math.exp(-logit));
  const [real, fake] = [1.5, -0.7];
  const at = values([real], [fake]);
  expect(at.discriminator).toBeCloseTo(-Math.log(probability(real)) - Math.log(1 - probability(fake)), 5);
  expect(at.nonSaturating).toBeCloseTo(-Math.log(probability(fake)), 5);
  expect(at.minimax).toBeCloseTo(Math.log(1 - probability(fake)), 5);
});

test('are finite where D is as sure as float32 allows', () => {
  const at = values([200], [-200]);
  expect(at.discriminator).toBe(0);
  expect(at.nonSaturating).toBeCloseTo(200, 4);
  expect(at.minimax).toBeCloseTo(0, 12);
});
