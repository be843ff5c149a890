/** Made images of classes that a small network tells apart within seconds; knows no network. */
import { normals } from '../../models/normals.ts';
import type { PixelSet } from '../extractor/batches.ts';

export interface Bars {
  readonly images: PixelSet;
  /** 0: a lying bar, 1: a standing bar, 2: none. */
  readonly labels: Int32Array;
}

/** Noisy grey images with a bright bar at a random place, its brightness falling from one end to the other; class after class. */
export function bars(count: number, seed: number, { side = 12 } = {}): Bars {
  const noise = normals(count * side * side, seed, 0);
  const places = normals(count, seed, 1);
  const labels = Int32Array.from({ length: count }, (_, n) => n % 3);
  const pixels = Uint8Array.from({ length: count * side * side }, (_, at) => {
    const [n, y, x] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
    const place = Math.min(Math.max(Math.round(side / 2 + 1.5 * (places[n] ?? 0)), 3), side - 4);
    const [across, along] = labels[n] === 0 ? [y, x] : [x, y];
    const bar = labels[n] === 2 || Math.abs(across - place) > 1 ? 0 : 150 - (100 * along) / side;
    return Math.min(255, Math.max(0, 50 + bar + 20 * (noise[at] ?? 0)));
  });
  return { images: { count, image: [side, side, 1], pixels }, labels };
}

/** The images from one number to another. */
export function some({ images, labels }: Bars, from: number, to: number): Bars {
  const length = images.image.reduce((product, size) => product * size, 1);
  const pixels = images.pixels.subarray(from * length, to * length);
  return { images: { ...images, count: to - from, pixels }, labels: labels.subarray(from, to) };
}
