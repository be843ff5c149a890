/** Philox against the numbers its authors published, and the normal numbers made of it. */
import { expect, test } from 'vitest';
import { normals, philox } from './philox.ts';

const hex = (block: readonly number[]) => block.map((word) => word.toString(16).padStart(8, '0')).join(' ');

// kat_vectors of the Random123 distribution, philox4x32 10.
test.each<[[number, number, number, number], [number, number], string]>([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('philox %j %j', (counter, key, result) => {
  expect(hex(philox(counter, key))).toBe(result);
});

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
