/** Arithmetic of test references, in plain loops; knows no tensor. */
import { expect } from 'vitest';

type Numbers = readonly number[];

/** An element that must be there. */
export function at(values: Numbers, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index} of ${values.length}`);
  return value;
}

/** 0, 1, 2 … */
export const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
export const total = (values: Numbers): number => values.reduce((sum, value) => sum + value, 0);
export const average = (values: Numbers): number => total(values) / values.length;
/** Mean squared distance from the mean. */
export const variance = (values: Numbers): number => average(values.map((value) => (value - average(values)) ** 2));
/** Inner product of equally long lists. */
export const inner = (a: Numbers, b: Numbers): number => total(a.map((value, index) => value * at(b, index)));

/** Expects two lists to be equal to rounding of float64. */
export function expectClose(actual: Numbers, expected: Numbers, digits = 12): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => {
    expect(value, `element ${index}`).toBeCloseTo(at(expected, index), digits);
  });
}

/** Convolution of stride 1 with SAME padding, `image` `[h, w, inputs]`, kernel `[size, size, inputs, outputs]`. */
export function convolved(
  image: readonly number[],
  { height, width }: { height: number; width: number },
  kernel: readonly number[],
  size: number,
  bias: readonly number[],
): number[] {
  const outputs = bias.length;
  const inputs = image.length / height / width;
  const reach = Math.floor((size - 1) / 2);
  return count(height * width * outputs).map((index) => {
    const output = index % outputs;
    const [y, x] = [Math.floor(index / outputs / width), Math.floor(index / outputs) % width];
    const products = count(size * size * inputs).map((tap) => {
      const [dy, dx] = [Math.floor(tap / inputs / size) - reach, (Math.floor(tap / inputs) % size) - reach];
      if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) return 0;
      return at(image, ((y + dy) * width + x + dx) * inputs + (tap % inputs)) * at(kernel, tap * outputs + output);
    });
    return total(products) + at(bias, output);
  });
}
