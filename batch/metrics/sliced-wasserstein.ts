/** How much the small patches of two sets of images differ, by their scale; knows no features. */
import { type Images, laplacianPyramid } from './images.ts';
import { choose, type Matrix } from './matrix.ts';
import { slicedTransport } from './sliced.ts';

const PATCH = 7;
const PATCHES_PER_IMAGE = 128;
const DIRECTIONS = 512;

export interface PatchDistance {
  /** Mean over the levels, times 1000 as its authors report it. */
  readonly value: number;
  /** From the finest to the coarsest. */
  readonly levels: readonly { readonly height: number; readonly width: number; readonly value: number }[];
  /**
   * Difference of mean and standard deviation of each channel, fake less real, in grey levels of 0 to 255: what the levels
   * cannot see, whose patches are normalised.
   */
  readonly channels: readonly { readonly mean: number; readonly deviation: number }[];
}

/**
 * The sliced Wasserstein distance of Karras et al. 2018 (arXiv:1710.10196, appendix A): 128 patches of 7×7 of every image and level of
 * its Laplacian pyramid, normalised by channel over each set, along 512 directions.
 */
export function patchDistance(real: Images, fake: Images, seed: number): PatchDistance {
  const fakes = laplacianPyramid(fake);
  const levels = laplacianPyramid(real).map((level, index) => {
    const other = fakes[index] ?? level;
    const [a, b] = [patchesOf(level, seed, 2 * index), patchesOf(other, seed, 2 * index + 1)];
    const value = 1000 * slicedTransport(a, b, { directions: DIRECTIONS, power: 1, seed });
    return { height: level.height, width: level.width, value };
  });
  const [ofReal, ofFake] = [channelMoments(real.values, real.channels), channelMoments(fake.values, fake.channels)];
  return {
    value: levels.reduce((sum, level) => sum + level.value, 0) / levels.length,
    levels,
    channels: ofFake.map((moments, channel) => ({
      mean: moments.mean - (ofReal[channel]?.mean ?? 0),
      deviation: moments.deviation - (ofReal[channel]?.deviation ?? 0),
    })),
  };
}

/** `[images · 128, 7 · 7 · channels]`, each channel with mean 0 and deviation 1 over all of them. */
function patchesOf({ count, height, width, channels, values }: Images, seed: number, draw: number): Matrix {
  const line = PATCH * channels;
  const columns = PATCH * line;
  const rows = count * PATCHES_PER_IMAGE;
  const patches = new Float64Array(rows * columns);
  const corners = { down: height - PATCH + 1, right: width - PATCH + 1 };
  const random = placesOf(rows, corners.down * corners.right, seed, draw);
  for (let row = 0; row < rows; row++) {
    const place = random[row] ?? 0;
    const [top, left] = [Math.floor(place / corners.right), place % corners.right];
    const image = Math.floor(row / PATCHES_PER_IMAGE) * height;
    for (let y = 0; y < PATCH; y++) {
      const from = ((image + top + y) * width + left) * channels;
      patches.set(values.subarray(from, from + line), row * columns + y * line);
    }
  }
  const moments = channelMoments(patches, channels);
  const normal = patches.map((value, at) => {
    const { mean, deviation } = moments[at % channels] ?? { mean: 0, deviation: 1 };
    return deviation > 0 ? (value - mean) / deviation : 0;
  });
  return { rows, columns, values: normal };
}

/** Places below `places`, spread over them evenly and in random order. */
function placesOf(count: number, places: number, seed: number, draw: number): Int32Array {
  return choose(Math.ceil(count / places) * places, count, seed, draw).map((index) => index % places);
}

function channelMoments(values: ArrayLike<number>, channels: number): { mean: number; deviation: number }[] {
  return Array.from({ length: channels }, (_, channel) => {
    const count = values.length / channels;
    let [sum, squares] = [0, 0];
    for (let at = channel; at < values.length; at += channels) sum += values[at] ?? 0;
    const mean = sum / count;
    for (let at = channel; at < values.length; at += channels) squares += ((values[at] ?? 0) - mean) ** 2;
    return { mean, deviation: Math.sqrt(squares / count) };
  });
}
