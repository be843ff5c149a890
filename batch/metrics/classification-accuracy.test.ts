/** What a classifier of generated samples is worth. */
import { describe, expect, test } from 'vitest';
import { classificationAccuracy } from './classification-accuracy.ts';
import { fitClassifier, type Labelled } from './classifier.ts';
import { minimise } from './lbfgs.ts';
import { cloud } from './testing/clouds.ts';

/** Classes 0 to 2 in the plane, at the corners of a triangle. */
function triangle(rows: number, seed: number, { spread = 0.5, swap = false } = {}): Labelled {
  const features = cloud(rows, 2, seed, { deviation: spread });
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 3);
  labels.forEach((label, row) => {
    const corner = swap && label > 0 ? 3 - label : label;
    features.values[2 * row] = (features.values[2 * row] ?? 0) + 2 * Math.cos((corner * 2 * Math.PI) / 3);
    features.values[2 * row + 1] = (features.values[2 * row + 1] ?? 0) + 2 * Math.sin((corner * 2 * Math.PI) / 3);
  });
  return { features, labels };
}

describe('classification accuracy', () => {
  test('is near 1 where fakes have the right labels, and that of the third which is right where two are swapped', () => {
    const good = classificationAccuracy(triangle(300, 1), triangle(300, 2));
    expect(good.trainedOnFake).toBeGreaterThan(0.98);
    expect(good.trainedOnReal).toBeGreaterThan(0.98);
    const swapped = classificationAccuracy(triangle(300, 1), triangle(300, 2, { swap: true }));
    expect(swapped.trainedOnFake).toBeCloseTo(1 / 3, 1);
  });

  test('falls with the noise of the fakes', () => {
    const of = (spread: number) => classificationAccuracy(triangle(300, 1), triangle(300, 2, { spread })).trainedOnReal;
    expect(of(0.5)).toBeGreaterThan(of(1.5) + 0.05);
    expect(of(1.5)).toBeGreaterThan(of(5) + 0.05);
  });

  test('takes constant features and classes without samples', () => {
    const { features, labels } = triangle(60, 1);
    const flat = { ...features, columns: 1, values: new Float64Array(60).fill(2) };
    const told = fitClassifier({ features: flat, labels: labels.map((label) => (label === 1 ? 0 : label)) }, 4)(flat);
    expect([...told]).toEqual(new Array(60).fill(0));
  });
});

test('L-BFGS finds the minimum of a narrow valley', () => {
  // Rosenbrock's function: (1 - x)² + 100 (y - x²)².
  const found = minimise(
    ([x = 0, y = 0], gradient) => {
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { tolerance: 1e-10, iterations: 200 },
  );
  expect(found[0]).toBeCloseTo(1, 8);
  expect(found[1]).toBeCloseTo(1, 8);
});
