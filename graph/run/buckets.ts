/** Draws a long series with few points: buckets of steps whose width is a power of two; knows no storage. */
import { fromJsonNumber, type JsonNumber } from './numbers.ts';

export interface MetricPoint {
  readonly step: number;
  readonly value: JsonNumber;
}

/** Steps [start, start + width). Statistics are over the finite values; null where there is none. */
export interface Bucket {
  readonly start: number;
  readonly width: number;
  /** Step of `last`, or of the last value where none is finite. */
  readonly step: number;
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Finite values. */
  readonly count: number;
  readonly nonFinite: number;
}

/**
 * The smallest power of two such that at most `buckets` buckets, with edges at its multiples, cover steps `from` to
 * `to` (both included). The same range gives the same width every time, and a coarser width nests in it exactly.
 */
export function bucketWidth(from: number, to: number, buckets: number): number {
  let width = 1;
  while (Math.floor(to / width) - Math.floor(from / width) + 1 > buckets) width *= 2;
  return width;
}

/** The points, by rising step, in buckets of `width` steps; empty buckets are left out. */
export function bucketize(points: readonly MetricPoint[], width: number): readonly Bucket[] {
  const buckets: Bucket[] = [];
  for (let begin = 0; begin < points.length; ) {
    const start = Math.floor((points[begin]?.step ?? 0) / width) * width;
    let end = begin;
    while (end < points.length && (points[end]?.step ?? 0) < start + width) end += 1;
    buckets.push(statistics(points.slice(begin, end), start, width));
    begin = end;
  }
  return buckets;
}

/** An exact shift of the binary point, so that a sum of huge values stays finite. */
const SCALE = 2 ** -40;

function statistics(points: readonly MetricPoint[], start: number, width: number): Bucket {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let last: { step: number; value: number } | null = null;
  for (const point of points) {
    const value = fromJsonNumber(point.value);
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value * SCALE;
    count += 1;
    last = { step: point.step, value };
  }
  const nonFinite = points.length - count;
  if (last === null) {
    const step = points.at(-1)?.step ?? start;
    return { start, width, step, last: null, min: null, max: null, mean: null, count, nonFinite };
  }
  // Rounding may put the mean of equal values a hair outside of them.
  const mean = Math.min(max, Math.max(min, sum / count / SCALE));
  return { start, width, step: last.step, last: last.value, min, max, mean, count, nonFinite };
}
