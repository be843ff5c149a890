import { expect, test } from 'vitest';
import { roomFor } from './room.mjs';

const wheel = (size: number, unpacked: number) => ({
  project: 'p',
  filename: `${size}.whl`,
  sha256: '',
  size,
  unpacked,
});

test('one wheel needs room for itself and its content at once', () => {
  expect(roomFor([wheel(10, 30)])).toBe(40);
  expect(roomFor([])).toBe(0);
});

test('a wheel is gone before the next one comes', () => {
  expect(roomFor([wheel(10, 30), wheel(5, 20)])).toBe(30 + 5 + 20);
  // The first one is the tightest moment.
  expect(roomFor([wheel(50, 30), wheel(1, 2)])).toBe(80);
});

test('what was downloaded before takes no room again, and gives its own back', () => {
  expect(roomFor([wheel(10, 30)], () => 10)).toBe(30);
  expect(roomFor([wheel(10, 30), wheel(5, 20)], ({ size }) => (size === 10 ? 4 : 0))).toBe(30 - 4 + 25);
});
