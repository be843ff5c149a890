/** A training of so many seconds on this machine, with the cadence that its length gives it by default. */
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import type { Stack } from '../stack.ts';
import { resolve, type Training, trainToEnd } from '../training.ts';
import { rowsOf, speedBetween } from './speed.ts';

/** Steps of the training that measures the speed; the first half of them warms up. */
const TRIAL_STEPS = 120;

/** The article's DCGAN on a data set, as it resolves where it is to last about `seconds`. Trains for a moment to know how fast it is. */
export async function trainingOf(stack: Stack, dataset: string, seconds: number): Promise<TrainSpec> {
  const training: Training = { preset: 'article-dcgan', dataset };
  const { batchSize } = await resolve(stack, training);
  const kimg = (steps: number): number => (steps * batchSize) / 1000;
  const trial = { ...training, kimg: kimg(TRIAL_STEPS), snapshots: { tickSteps: 10 } };
  const rows = rowsOf(await trainToEnd(stack, trial));
  const speed = speedBetween(rows, batchSize, TRIAL_STEPS / 2, TRIAL_STEPS);
  return resolve(stack, { ...training, kimg: kimg(Math.ceil((seconds * speed) / batchSize)) });
}
