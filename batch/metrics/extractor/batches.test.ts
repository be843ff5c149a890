/** What a classifier is shown: a function of seed and step, with images whole but for a shift or a turn. */
import { describe, expect, test } from 'vitest';
import { batchesOf, type PixelSet } from './batches.ts';

/** One image of different numbers. */
function image(side: number, channels: number): PixelSet {
  const pixels = Uint8Array.from({ length: side * side * channels }, (_, at) => at);
  return { count: 1, image: [side, side, channels], pixels };
}
const at = (pixels: ArrayLike<number>, side: number, y: number, x: number) => pixels[y * side + x];

describe('a batch', () => {
  test('is the same for the same seed and step, and another for others', () => {
    const set: PixelSet = { count: 8, image: [4, 4, 1], pixels: Uint8Array.from({ length: 128 }, (_, n) => n) };
    const labels = Int32Array.from({ length: 8 }, (_, n) => n);
    const of = (seed: number, step: number) => batchesOf(set, labels, { size: 4, seed })(step);
    expect(of(1, 3)).toEqual(of(1, 3));
    expect(of(1, 3)).not.toEqual(of(2, 3));
    expect(of(1, 3)).not.toEqual(of(1, 4));
    expect([...of(1, 1).labels, ...of(1, 2).labels].sort()).toEqual([...labels]);
  });

  test('has every shift of up to two pixels, with the edge repeated', () => {
    const side = 6;
    const set = image(side, 1);
    const shifts = new Set<string>();
    const batch = batchesOf(set, Int32Array.of(7), { size: 500, seed: 1 })(1);
    for (let n = 0; n < 500; n++) {
      const pixels = batch.pixels.subarray(n * side * side, (n + 1) * side * side);
      const middle = at(pixels, side, 2, 2) ?? Number.NaN;
      const [down, right] = [Math.floor(middle / side) - 2, (middle % side) - 2];
      shifts.add(`${down},${right}`);
      const corner = Math.max(0, down) * side + Math.max(0, right);
      expect(at(pixels, side, 0, 0)).toBe(corner);
      expect(batch.labels[n]).toBe(7);
    }
    expect(shifts.size).toBe(25);
    expect([...shifts].every((shift) => shift.split(',').every((one) => Math.abs(Number(one)) <= 2))).toBe(true);
  });

  test('without labels tells by how many quarters an image was turned, all channels alike', () => {
    const side = 7;
    const { pixels, labels } = batchesOf(image(side, 3), null, { size: 200, seed: 1 })(1);
    const middle = (dy: number, dx: number, n: number) => {
      const pixel = ((n * side + 3 + dy) * side + 3 + dx) * 3;
      return (pixels[pixel] ?? 0) / 3;
    };
    for (let n = 0; n < 200; n++) {
      // To the right of a pixel there is its right, lower, left or upper neighbour; which, is what the turns are.
      const step = middle(0, 1, n) - middle(0, 0, n);
      expect(labels[n]).toBe([1, side, -1, -side].indexOf(step));
      const pixel = ((n * side + 3) * side + 3) * 3;
      expect((pixels[pixel + 2] ?? 0) - (pixels[pixel] ?? 0)).toBe(2);
    }
    expect(new Set(labels).size).toBe(4);
  });
});
