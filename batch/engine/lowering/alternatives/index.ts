/** All alternatives, the first that fits a node is used; knows no measurement. */
import type { Alternative } from './alternative.ts';
import { foldedConvolution } from './folded-convolution.ts';
import { pairedConvolution } from './paired-convolution.ts';
import { summedColumns } from './summed-columns.ts';

/**
 * What was measured on CPUs of 2 cores and gains nothing, so that nobody need try it again:
 *
 * - XLA: 28² steps 1.5 × slower, 64² steps 17 ×.
 * - bfloat16 by Grappler where there is no AMX: 1.45 and 1.66 × slower. oneDNN switched off: 1.8 × slower.
 * - Fewer threads between operations: 1.2 × slower.
 * - glibc's memory: one or two arenas, thresholds of 32 MB: no slower, no faster; 1 MB: 60 MB less at dcgan64, some percent
 *   slower. Huge pages: no faster.
 * - Several steps in one call: a call costs microseconds, a step tens of milliseconds.
 * - Folding transposed convolutions to more channels: 1.2 to 2.2 × slower from 16 channels on.
 */
export const alternatives: readonly Alternative<unknown>[] = [summedColumns, foldedConvolution, pairedConvolution];
