/** TensorFlow for a command of its own on this machine's processor; knows no program that is computed. */
import { trainerEnvironment } from '../../batch/protocol/environment.ts';
import { prepare } from './prepare.mjs';

/**
 * Prepares TensorFlow, and this process for it. To be called before it is loaded: it reads its variables once.
 * Throws a SetupError, one sentence, where the machine cannot have it.
 * @param {number} threads the rounding of sums depends on it
 */
export async function prepareCompute(threads) {
  const { nativeDir, executor } = await prepare({ native: 'required', storage: false });
  if (nativeDir === null) throw new Error('native TensorFlow was required and is not there');
  // oneDNN is on by itself; told to be, TensorFlow tells the user.
  const { TF_ENABLE_ONEDNN_OPTS: _, ...environment } = trainerEnvironment({ threads, gpus: 0, memoryMb: 0 });
  Object.assign(process.env, environment);
  return { nativeDir, executor };
}
