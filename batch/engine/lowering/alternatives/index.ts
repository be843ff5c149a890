/** All alternatives, the first that fits a node is used; knows no measurement. */
import type { Alternative } from './alternative.ts';
import { foldedConvolution } from './folded-convolution.ts';
import { pairedConvolution } from './paired-convolution.ts';
import { summedColumns } from './summed-columns.ts';

export const alternatives: readonly Alternative<unknown>[] = [summedColumns, foldedConvolution, pairedConvolution];
