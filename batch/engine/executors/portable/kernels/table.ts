/** How each operation is computed by TF.js: the type says that none is missing. */
import type { Kernels } from '../frame.ts';
import { activation } from './activation.ts';
import { arrange } from './arrange.ts';
import { compare } from './compare.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';
import { reduce } from './reduce.ts';
import { resample } from './resample.ts';
import { sources } from './sources.ts';
import { updates } from './updates.ts';

export const kernels: Kernels = {
  ...sources,
  ...elementwise,
  ...activation,
  ...compare,
  ...arrange,
  ...reduce,
  ...linear,
  ...convolution,
  ...norm,
  ...resample,
  ...updates,
};
