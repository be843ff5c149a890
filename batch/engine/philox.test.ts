/** Philox against the numbers its authors published. */
import { expect, test } from 'vitest';
import { philox } from './philox.ts';

const hex = (block: readonly number[]) => block.map((word) => word.toString(16).padStart(8, '0')).join(' ');

// kat_vectors of the Random123 distribution, philox4x32 10.
test.each<[[number, number, number, number], [number, number], string]>([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('philox %j %j', (counter, key, result) => {
  expect(hex(philox(counter, key))).toBe(result);
});
