/** Compares the fingerprints of everything that may change the last bits of a result, and one of them with what a run was given. */
import type { Spec } from '../../graph/spec/spec.ts';
import type { Numerics } from '../protocol.ts';

const ITEMS = ['executor', 'engine', 'library', 'device', 'instructionSet', 'threads', 'precision', 'flags'] as const;

/** Names of the items that differ, in the order of {@link Numerics}; none: results are equal to the bit. */
export function differing(a: Numerics, b: Numerics): string[] {
  return ITEMS.filter((item) => JSON.stringify(a[item]) !== JSON.stringify(b[item]));
}

/** What the log says where a run that was given a GPU computes without one: it is slow, and costs what a fast one does. */
export function lackOfGpu(
  { gpus }: Pick<Spec['resources'], 'gpus'>,
  { device }: Pick<Numerics, 'device'>,
): string | null {
  if (gpus === 0 || device.startsWith('gpu')) return null;
  return `This run was given a GPU, but TensorFlow found none and computes on the processor (${device}): ganway doctor says on its machine why.`;
}
