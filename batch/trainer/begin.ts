/** Where a training begins: at its initial weights, at what another run has learned, or where it was; knows no step after. */
import { join } from 'node:path';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { checkpointState, learnedState } from '../engine/program/state.ts';
import { restore } from '../engine/restore.ts';
import { WORK } from '../protocol.ts';
import { readCheckpoint, readSource } from './checkpoint.ts';
import type { HostState } from './host-state.ts';
import type { StartedTraining } from './run.ts';
import type { WorkFolder } from './work-folder.ts';

/**
 * Brings the state of an initialised session to where the attempt begins.
 *
 * A run that starts from another's checkpoint takes over what that has learned: weights and averages, by name. Its
 * optimizers begin anew, with moments of zero and an update count of one: moments say where the old hyper-parameters
 * were heading, and bias correction counts the updates that made them.
 *
 * @returns the host's state to continue from; null: step 0
 * @throws TrainerFailure where a checkpoint is damaged; EngineError RESTORE where it does not fit the program
 */
export async function begin(
  { path, start }: WorkFolder,
  spec: TrainSpec,
  { session, state }: Pick<StartedTraining, 'session' | 'state'>,
): Promise<HostState | null> {
  if (start.resumeFrom) {
    const own = await readCheckpoint(join(path, WORK.checkpoint), start.resumeFrom.manifest);
    restore(session, checkpointState(state), own.state);
    return own.host;
  }
  if (spec.startFrom) {
    const source = await readSource(path);
    const moments = new Set(state.flatMap(({ name, role }) => (role === 'optimizer' ? [name] : [])));
    restore(session, learnedState(state), new Map([...source.state].filter(([name]) => !moments.has(name))));
  }
  return null;
}
