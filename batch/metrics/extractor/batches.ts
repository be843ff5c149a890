/** What a classifier is shown: images moved by a few pixels, or turned; a pure function of seed and step. */
import { philox } from '../../engine/philox.ts';
import type { ImageShape } from '../../models/network.ts';
import { createSampler } from '../../trainer/sampler.ts';

/** uint8 images `[count, height, width, channels]` in C order. */
export interface PixelSet {
  readonly count: number;
  readonly image: ImageShape;
  readonly pixels: Uint8Array;
}

export interface Batch {
  readonly pixels: Int32Array;
  readonly labels: Int32Array;
}

/** Furthest that an image is moved along each axis. */
const REACH = 2;
/** Quarter turns: the classes of a set without labels. */
export const TURNS = 4;

/**
 * The batch of a step, from 1. Each image is moved by up to two pixels along each axis. Without labels it is turned by quarters as well, and
 * by how many is what the classifier has to tell (Gidaris, Singh and Komodakis 2018, arXiv:1803.07728): such images are square.
 */
export function batchesOf(
  { count, image, pixels }: PixelSet,
  labels: Int32Array | null,
  { size, seed }: { size: number; seed: number },
): (step: number) => Batch {
  const sampler = createSampler(seed, count);
  const [height, width, channels] = image;
  const length = height * width * channels;
  return (step) => {
    const batch = { pixels: new Int32Array(size * length), labels: new Int32Array(size) };
    sampler.batch((step - 1) * size, size).forEach((index, n) => {
      const [a, b, c] = philox([step, n, 0, 0], [seed | 0, 0]);
      const [down, right] = [(a % (2 * REACH + 1)) - REACH, (b % (2 * REACH + 1)) - REACH];
      const turns = labels ? 0 : c % TURNS;
      batch.labels[n] = labels?.[index] ?? turns;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [i, j] = turned(within(y + down, height), within(x + right, width), turns, height);
          const from = index * length + (i * width + j) * channels;
          const to = n * length + (y * width + x) * channels;
          for (let channel = 0; channel < channels; channel++) {
            batch.pixels[to + channel] = pixels[from + channel] ?? 0;
          }
        }
      }
    });
    return batch;
  };
}

/** What is past an edge is what is on it. */
const within = (at: number, length: number): number => Math.min(Math.max(at, 0), length - 1);

/** Where a pixel of an image turned anticlockwise by quarters lay before. */
function turned(y: number, x: number, turns: number, side: number): [number, number] {
  switch (turns) {
    case 1:
      return [x, side - 1 - y];
    case 2:
      return [side - 1 - y, side - 1 - x];
    case 3:
      return [side - 1 - x, y];
    default:
      return [y, x];
  }
}
