/** Makes a program cheaper, by passes that each keep its values but for rounding; knows no TensorFlow. */
import type { Precision } from '../../../graph/spec/spec.ts';
import type { Program } from '../program/program.ts';
import { type Replace, transform } from '../program/transform.ts';
import type { Alternative } from './alternatives/alternative.ts';
import { alternatives } from './alternatives/index.ts';
import { narrowProducts } from './narrow.ts';
import { shareSlopes } from './slopes/share.ts';

/** Begins a walk through a program. */
export type Pass = () => Replace;

/** Computes nodes by the first of `candidates` that fits. */
export const byAlternatives =
  (candidates: readonly Alternative<unknown>[]): Pass =>
  () =>
  (node, inputs) => {
    const found = candidates.find((one) => one.fits(node));
    return found ? [found.build(node, inputs)] : null;
  };

/** What else was tried on processors, and gains nothing, is told in alternatives/index.ts. */
export const PASSES: readonly Pass[] = [shareSlopes, byAlternatives(alternatives)];

/** All passes under a policy of precision. TF32 is no matter of the program: see `trainerEnvironment`. */
export function passesFor(precision: Precision): readonly Pass[] {
  // Last: the others know products by their float32 nodes.
  return precision === 'BF16' ? [...PASSES, narrowProducts] : PASSES;
}

export function optimise(program: Program, passes: readonly Pass[]): Program {
  return passes.reduce((before, pass) => transform(before, pass()), program);
}
