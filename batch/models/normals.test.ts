/** The numbers of the host's normal distribution. */
import { expect, test } from 'vitest';
import { normals } from './normals.ts';

test('normals have mean 0 and deviation 1, and a longer draw begins with the shorter one', () => {
  const values = normals(10_001, 1, 2);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.04);
  expect(Math.abs(variance - 1)).toBeLessThan(0.06);
  expect(normals(7, 1, 2)).toEqual(values.slice(0, 7));
  expect(normals(7, 2, 2)).not.toEqual(normals(7, 1, 2));
  expect(normals(7, 1, 3)).not.toEqual(normals(7, 1, 2));
});
