/** How each operation becomes TensorFlow nodes: the type says that none is missing. Knows no gradient and no model. */
import { activation } from './activation.ts';
import { arrange } from './arrange.ts';
import { compare } from './compare.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Kernels } from './kernel.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';
import { reduce } from './reduce.ts';
import { resample } from './resample.ts';
import { source } from './source.ts';
import { update } from './update.ts';

export const kernels: Kernels = {
  ...source,
  ...elementwise,
  ...activation,
  ...compare,
  ...arrange,
  ...reduce,
  ...linear,
  ...convolution,
  ...norm,
  ...resample,
  ...update,
};
