/** What products are computed in, and where that is of use; knows not how they are computed. */
import type { Collector } from './issues.ts';
import type { Precision, ResourcesSpec } from './spec.ts';

const PATH = ['resources', 'precision'];

/**
 * The precision of a training on so many GPUs; null where the wanted one cannot be had. Without a word of the user it is the
 * usual one of the device: float32 on processors, and on GPUs TF32, in which TensorFlow computes where nobody forbids it.
 */
export function precisionOn(gpus: number, wanted: Precision | null | undefined): Precision | null {
  if (wanted === 'TF32' && gpus === 0) return null;
  return wanted ?? (gpus > 0 ? 'TF32' : 'FP32');
}

/** Reports that the wanted precision can be had nowhere. */
export function refusePrecision(check: Collector): void {
  check.add(PATH, 'DOES_NOT_FIT_SLOT', 'TF32 is a format of GPUs and this training has none; use FP32.');
}

/** What a user should know who wants this. */
export function warnOfPrecision(
  warnings: Collector,
  { precision, gpus }: Pick<ResourcesSpec, 'precision' | 'gpus'>,
): void {
  if (precision !== 'BF16' || gpus > 0) return;
  warnings.add(
    PATH,
    'DOES_NOT_FIT_SLOT',
    'BF16 is for GPUs. Most processors compute it slower than FP32, and those without AVX-512 also sum gradients in it: ' +
      'use it here to try a training, not to make one.',
  );
}
