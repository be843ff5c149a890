/** Hashes by which a trainer names bytes and specs. */
import { createHash } from 'node:crypto';

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** sha256 of a value's JSON with the keys of every object in order: equal values have equal hashes. */
export function canonicalSha256(value: unknown): string {
  return sha256Of(
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ),
  );
}
