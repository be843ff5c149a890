/** Compares the fingerprints of everything that may change the last bits of a result. */
import type { Numerics } from '../protocol.ts';

const ITEMS = ['executor', 'engine', 'library', 'device', 'instructionSet', 'threads', 'precision', 'flags'] as const;

/** Names of the items that differ, in the order of {@link Numerics}; none: results are equal to the bit. */
export function differing(a: Numerics, b: Numerics): string[] {
  return ITEMS.filter((item) => JSON.stringify(a[item]) !== JSON.stringify(b[item]));
}
