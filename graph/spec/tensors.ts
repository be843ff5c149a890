/** Compares named tensors by type and shape: which are missing, too many or other than they should be; knows no value. */

export interface TensorType {
  readonly name: string;
  readonly dtype: string;
  /** One entry a dimension, `[]` for a scalar. */
  readonly shape: readonly number[];
}

/** A tensor that does not fit. Each side is its type and shape as text, null where it has no such tensor. */
export interface Misfit {
  readonly name: string;
  readonly given: string | null;
  readonly wanted: string | null;
}

/** Every tensor that is not the same on both sides, by name. */
export function misfitsOf(given: readonly TensorType[], wanted: readonly TensorType[]): Misfit[] {
  const [have, need] = [textsOf(given), textsOf(wanted)];
  return [...new Set([...have.keys(), ...need.keys()])]
    .sort()
    .map((name) => ({ name, given: have.get(name) ?? null, wanted: need.get(name) ?? null }))
    .filter((pair) => pair.given !== pair.wanted);
}

/** A misfit as a sentence without its full stop, of a checkpoint (given) and a training (wanted). */
export function misfitText({ name, given, wanted }: Misfit): string {
  if (given === null) return `${name} is ${wanted} in this training and missing in the checkpoint`;
  if (wanted === null) return `${name} is ${given} in the checkpoint and missing in this training`;
  return `${name} is ${given} in the checkpoint and ${wanted} in this training`;
}

function textsOf(tensors: readonly TensorType[]): Map<string, string> {
  return new Map(tensors.map(({ name, dtype, shape }) => [name, `${dtype} [${shape.join(', ')}]`]));
}
