/** The losses at points where their values are known in closed form. */
import { expect, test } from 'vitest';
import { gradients } from '../engine/autodiff/gradients.ts';
import { createGraph, feed, finish, signature, type Tensor } from '../engine/program/index.ts';
import { using } from '../engine/testing/differences.ts';
import { open } from '../engine/testing/native.ts';
import * as losses from './adversarial.ts';

const { smoothed, ...all } = losses;
const LOSSES: Readonly<Record<string, losses.AdversarialLoss>> = {
  ...all,
  smoothed: smoothed(losses.nonSaturating, 0.9),
};

interface Values {
  readonly discriminator: number;
  readonly generator: number;
  /** Slopes of G's loss, by generated image. */
  readonly pull: readonly number[];
}

/** Values of all losses where D gives `real` and `fake` as logits. */
function values(real: readonly number[], fake: readonly number[]): Readonly<Record<string, Values>> {
  const graph = createGraph();
  signature(graph, 'losses', () => {
    const [r, f] = [feed(graph, 'real', 'float32', [real.length, 1]), feed(graph, 'fake', 'float32', [fake.length, 1])];
    const fetches: Record<string, Tensor> = {};
    for (const [name, loss] of Object.entries(LOSSES)) {
      const generator = loss.generator(f, () => r);
      const [pull = f] = gradients(generator, [f]);
      Object.assign(fetches, {
        [`${name}.discriminator`]: loss.discriminator(r, f),
        [`${name}.generator`]: generator,
        [`${name}.pull`]: pull,
      });
    }
    return fetches;
  });
  const column = (logits: readonly number[]) =>
    ({ dtype: 'float32', shape: [logits.length, 1], data: Float32Array.from(logits) }) as const;
  return using(open(finish(graph)), (session) => {
    const fetched = session.call('losses', { real: column(real), fake: column(fake) });
    const of = (key: string) => [...(fetched[key]?.data ?? [])].map(Number);
    return Object.fromEntries(
      Object.keys(LOSSES).map((name) => {
        const [discriminator = Number.NaN] = of(`${name}.discriminator`);
        const [generator = Number.NaN] = of(`${name}.generator`);
        return [name, { discriminator, generator, pull: of(`${name}.pull`) }];
      }),
    );
  });
}

const probability = (logit: number) => 1 / (1 + Math.exp(-logit));
const { LN2 } = Math;

test.each([
  ['minimax', 2 * LN2, -LN2],
  ['nonSaturating', 2 * LN2, LN2],
  ['hinge', 2, 0],
  ['leastSquares', 0.5, 0.5],
  ['wasserstein', 0, 0],
  ['relativisticPairing', LN2, LN2],
  ['smoothed', 2 * LN2, LN2],
])('where D cannot tell, %s is %f for D and %f for G', (name, discriminator, generator) => {
  const at = values([0, 0, 0], [0, 0, 0])[name];
  expect(at?.discriminator).toBeCloseTo(discriminator, 6);
  expect(at?.generator).toBeCloseTo(generator, 6);
});

test('every loss is at hand here', () => {
  expect(Object.keys(LOSSES).sort()).toEqual(
    ['hinge', 'leastSquares', 'minimax', 'nonSaturating', 'relativisticPairing', 'smoothed', 'wasserstein'].sort(),
  );
});

test("equal their papers' formulas at any logits", () => {
  const [real, fake] = [
    [1.5, -0.4, 0.3],
    [-0.7, 0.2, -1.6],
  ];
  const mean = (f: (r: number, f: number) => number) =>
    real.reduce((sum, r, index) => sum + f(r, fake[index] ?? Number.NaN), 0) / real.length;
  const crossEntropy = mean((r, f) => -Math.log(probability(r)) - Math.log(1 - probability(f)));
  const expected: Record<string, readonly [discriminator: number, generator: number]> = {
    minimax: [crossEntropy, mean((_, f) => Math.log(1 - probability(f)))],
    nonSaturating: [crossEntropy, mean((_, f) => -Math.log(probability(f)))],
    hinge: [mean((r, f) => Math.max(0, 1 - r) + Math.max(0, 1 + f)), mean((_, f) => -f)],
    leastSquares: [mean((r, f) => (r - 1) ** 2 / 2 + f ** 2 / 2), mean((_, f) => (f - 1) ** 2 / 2)],
    wasserstein: [mean((r, f) => f - r), mean((_, f) => -f)],
    relativisticPairing: [mean((r, f) => -Math.log(probability(r - f))), mean((r, f) => -Math.log(probability(f - r)))],
    smoothed: [
      mean(
        (r, f) => -0.9 * Math.log(probability(r)) - 0.1 * Math.log(1 - probability(r)) - Math.log(1 - probability(f)),
      ),
      mean((_, f) => -Math.log(probability(f))),
    ],
  };
  const at = values(real, fake);
  for (const [name, [discriminator, generator]] of Object.entries(expected)) {
    expect(at[name]?.discriminator, name).toBeCloseTo(discriminator, 5);
    expect(at[name]?.generator, name).toBeCloseTo(generator, 5);
  }
});

test('are finite, and so are their slopes, where D is as sure as it can be, right or wrong', () => {
  for (const sure of [200, -200, 1e4, -1e4]) {
    for (const [name, { discriminator, generator, pull }] of Object.entries(values([sure], [-sure]))) {
      for (const value of [discriminator, generator, ...pull])
        expect(value, `${name} at ${sure}`).toSatisfy(Number.isFinite);
    }
  }
  const right = values([200], [-200]);
  expect(right.nonSaturating).toMatchObject({ discriminator: 0, pull: [-1] });
  expect(right.nonSaturating?.generator).toBeCloseTo(200, 4);
  expect(right.minimax?.generator).toBeCloseTo(0, 12);
  expect(right.minimax?.pull[0]).toBeCloseTo(0, 12);
  expect(right.relativisticPairing).toMatchObject({ discriminator: 0, pull: [-1] });
  expect(right.hinge).toMatchObject({ discriminator: 0, pull: [-1] });
});

test('pairs are compared one by one, in their order', () => {
  const [straight, crossed] = [values([3, -3], [3, -3]), values([3, -3], [-3, 3])];
  expect(straight.relativisticPairing?.discriminator).toBeCloseTo(LN2, 6);
  expect(crossed.relativisticPairing?.discriminator).toBeCloseTo(3, 1);
});

test('only the relativistic loss asks for the logits of real images to teach G', () => {
  const graph = createGraph();
  const asking: string[] = [];
  signature(graph, 'losses', () => {
    const logits = feed(graph, 'logits', 'float32', [4, 1]);
    return Object.fromEntries(
      Object.entries(LOSSES).map(([name, { generator }]) => {
        const real = () => {
          asking.push(name);
          return logits;
        };
        return [name, generator(logits, real)];
      }),
    );
  });
  expect(asking).toEqual(['relativisticPairing']);
});
