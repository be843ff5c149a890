/** Puts tensors of a checkpoint into a session: all that are wanted and no others, or none at all; knows no file. */
import { misfitsOf, misfitText } from '../../graph/spec/tensors.ts';
import { EngineError } from './errors.ts';
import type { StateType } from './program/state.ts';
import type { Session, TensorValue } from './session.ts';

/** @throws EngineError RESTORE that names every tensor that is missing, too many, or of another type or shape */
export function restore(
  session: Pick<Session, 'write'>,
  wanted: readonly StateType[],
  given: ReadonlyMap<string, TensorValue>,
): void {
  const types = [...given].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const misfits = misfitsOf(types, wanted);
  if (misfits.length > 0) {
    throw new EngineError('RESTORE', `The checkpoint does not fit: ${misfits.map(misfitText).join('; ')}.`);
  }
  session.write(given);
}
