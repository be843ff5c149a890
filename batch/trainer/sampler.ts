/** Which real image is shown n-th: a pure function of the seed and n; knows no images. */
import { createHash } from 'node:crypto';

/** The order in which a data set is shown, epoch after epoch, each image exactly once an epoch. */
export interface Sampler {
  /** Index in the data set of the n-th training image, n from 0. */
  at(n: number): number;
  /** Indices of `count` images from the n-th on; a batch may reach into the next epoch. */
  batch(n: number, count: number): Int32Array;
}

/**
 * Shuffles every epoch anew (Fisher–Yates) from a generator keyed by seed and epoch alone, so that training can go on
 * from any n without having seen what came before. Keeps the order of one epoch in memory: four bytes an image.
 *
 * @param seed the run's seed
 * @param images size of the data set, at least 1
 */
export function createSampler(seed: number, images: number): Sampler {
  let order: { readonly epoch: number; readonly indices: Int32Array } | null = null;

  const at = (n: number): number => {
    const epoch = Math.floor(n / images);
    if (order?.epoch !== epoch) order = { epoch, indices: shuffled(images, keyed(seed, epoch)) };
    return order.indices[n - epoch * images] ?? 0;
  };
  return { at, batch: (n, count) => Int32Array.from({ length: count }, (_, i) => at(n + i)) };
}

function shuffled(length: number, below: (bound: number) => number): Int32Array {
  const indices = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = below(i + 1);
    const swapped = indices[i] ?? 0;
    indices[i] = indices[j] ?? 0;
    indices[j] = swapped;
  }
  return indices;
}

/** Integers below a bound, from the generator sfc32 (C. Doty-Humphrey, PractRand) with its state drawn by SHA-256. */
function keyed(seed: number, epoch: number): (bound: number) => number {
  const digest = createHash('sha256').update(`ganway sampler ${seed} ${epoch}`).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  return (bound) => {
    const drawn = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return Math.floor(((drawn >>> 0) / 2 ** 32) * bound);
  };
}
