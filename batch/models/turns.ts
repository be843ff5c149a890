/** Whether G's step begins before D's is done; knows no network. */
import { type State, sizeOf } from '../engine/program/index.ts';

/**
 * From so many weights on, single kernels keep all cores busy. Then G's images for its own step, made while D learns, cost
 * memory and gain nothing: a step of dcgan64 (9.5 million weights) took as long either way on 2 cores, and 20 to 70 MB less
 * in turns. Steps of dcgan28 (0.8 million) and dcgan64-light (1.8 million) took up to a tenth longer in turns.
 */
const MANY_WEIGHTS = 5e6;

/** Whether players with these weights compute one after the other. */
export function takeTurns(weights: readonly State[]): boolean {
  return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0) >= MANY_WEIGHTS;
}
