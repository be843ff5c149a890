/** Numbers in JSON that may not be finite: a diverging GAN must not kill its own event stream. */
import * as v from 'valibot';

/** A number as JSON holds it. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export const jsonNumber = v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]);

/** Writes a number so that JSON keeps it. */
export function toJsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** Reads a number that {@link toJsonNumber} wrote. */
export function fromJsonNumber(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value);
}
