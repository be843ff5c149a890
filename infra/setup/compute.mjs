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
  Object.assign(process.env, trainerEnvironment({ threads, gpus: 0, memoryMb: 0 }));
  return { nativeDir, executor };
}
