/** Windows that slide over images: how many there are; knows no operation that looks through one. */
import type { Shape } from '../tensor.ts';

/**
 * Zeros around an image. SAME: so many that there are ⌈side / stride⌉ windows, an odd one after the image. VALID: none.
 * Explicit: [[top, bottom], [left, right]].
 */
export type Padding = 'SAME' | 'VALID' | readonly [readonly [number, number], readonly [number, number]];

/** Sides of the windows, how far each lies from the next in both directions, and what surrounds the image. */
export interface Sliding {
  readonly stride: number;
  readonly padding: Padding;
}

/**
 * Windows of `[height, width]` that fit onto an image of `[height, width]`, by direction. Zero, negative or not a
 * number where none fits.
 */
export function countWindows(image: Shape, window: Shape, { stride, padding }: Sliding): [number, number] {
  const along = (axis: 0 | 1) => {
    const [side = Number.NaN, size = Number.NaN] = [image[axis], window[axis]];
    const [before, after] = typeof padding === 'string' ? [0, 0] : padding[axis];
    if (![stride - 1, before, after].every((count) => Number.isInteger(count) && count >= 0)) return Number.NaN;
    if (padding === 'SAME') return Math.ceil(side / stride);
    return Math.floor((side + before + after - size) / stride) + 1;
  };
  return [along(0), along(1)];
}

/** `stride 2, SAME padding`, as messages write it. */
export function showSliding({ stride, padding }: Sliding): string {
  return `stride ${stride} and ${typeof padding === 'string' ? padding : JSON.stringify(padding)} padding`;
}
