/** The patches of images: what their distance sees, at which size, and what it cannot see. */
import { describe, expect, test } from 'vitest';
import { type Images, laplacianPyramid } from './images.ts';
import { patchDistance } from './sliced-wasserstein.ts';
import { cloud } from './testing/clouds.ts';

/** Noise that is even over squares of so many pixels, of grey level 128 and deviation 30. */
function noise(seed: number, { side = 32, square = 1, channels = 1, count = 12 } = {}): Images {
  const size = side / square;
  const cells = cloud(count * size * size, channels, seed, { mean: 128, deviation: 30 }).values;
  const values = new Float32Array(count * side * side * channels);
  for (let at = 0; at < values.length; at++) {
    const [c, pixel] = [at % channels, Math.floor(at / channels)];
    const [x, y, n] = [pixel % side, Math.floor(pixel / side) % side, Math.floor(pixel / (side * side))];
    const cell = (n * size + Math.floor(y / square)) * size + Math.floor(x / square);
    values[at] = cells[cell * channels + c] ?? 0;
  }
  return { count, height: side, width: side, channels, values };
}

describe('the pyramid', () => {
  test('has levels down to 16 pixels, of images padded to whole sixteens', () => {
    const sizes = (side: number) =>
      laplacianPyramid(noise(1, { side, count: 1 })).map(({ height, width }) => [height, width]);
    expect(sizes(16)).toEqual([[16, 16]]);
    expect(sizes(28)).toEqual([
      [32, 32],
      [16, 16],
    ]);
    expect(sizes(128).map(([height]) => height)).toEqual([128, 64, 32, 16]);
  });

  test('of one grey is that grey in its last level and 0 in all others', () => {
    const grey: Images = { count: 1, height: 64, width: 64, channels: 2, values: new Float32Array(8192).fill(100) };
    const [first, second, last] = laplacianPyramid(grey);
    for (const level of [first, second]) expect(Math.max(...(level?.values.map(Math.abs) ?? [1]))).toBeLessThan(1e-4);
    for (const value of last?.values ?? []) expect(value).toBeCloseTo(100, 4);
  });
});

describe('the distance of patches', () => {
  const small = { side: 16, count: 40, square: 4 };
  const real = noise(1, small);

  test('of equal images is what the draw of patches leaves, and is higher for other textures', () => {
    const [same = 0, equal = 0, other = 0] = [real, noise(2, small), noise(3, { ...small, square: 1 })].map(
      (fake) => patchDistance(real, fake, 0).value,
    );
    expect(same).toBeLessThan(equal);
    expect(other).toBeGreaterThan(2 * equal);
  });

  test('rises with noise', () => {
    const added = noise(2, { ...small, square: 1 });
    const [none = 0, some = 0, much = 0] = [0, 0.6, 2].map((share) => {
      const values = Float32Array.from(real.values, (value, at) => value + share * ((added.values[at] ?? 0) - 128));
      return patchDistance(real, { ...real, values }, 0).value;
    });
    expect(some).toBeGreaterThan(1.5 * none);
    expect(much).toBeGreaterThan(1.5 * some);
  });

  test('says apart what its patches cannot see: brightness and contrast of a channel', () => {
    const real = noise(1, { channels: 3, side: 16, count: 8 });
    const values = Float32Array.from(real.values, (value, at) => (at % 3 === 1 ? 10 + 0.5 * value : value));
    const { value, channels } = patchDistance(real, { ...real, values }, 0);
    expect(value).toBeCloseTo(patchDistance(real, real, 0).value, 3);
    expect(channels[0]).toEqual({ mean: 0, deviation: 0 });
    expect(channels[1]?.mean).toBeCloseTo(10 - 64, -1);
    expect(channels[1]?.deviation).toBeCloseTo(-15, -1);
  });
});
