/** Into how many parts a batch may be split; knows not how a step is computed. */
import type { Collector } from './issues.ts';
import type { ModelSpec } from './spec.ts';

/** Networks whose result for one image depends on its whole batch: here, by batch norm. */
const WHOLE_BATCH: ReadonlySet<ModelSpec['architecture']> = new Set<ModelSpec['architecture']>(['DCGAN', 'MLP']);

/** Parts of a batch; every problem with them is reported. */
export function resolveMicroBatches(
  check: Collector,
  wanted: number,
  { batchSize, architecture }: { batchSize: number; architecture: ModelSpec['architecture'] },
): number {
  const path = ['microBatches'];
  const parts = check.number(path, wanted, { fallback: 1, min: 1, max: 64, integer: true });
  if (parts === 1) return parts;
  if (batchSize % parts !== 0) {
    const divisors = Array.from({ length: 64 }, (_, index) => index + 1).filter((count) => batchSize % count === 0);
    check.add(
      path,
      'OUT_OF_RANGE',
      `microBatches must divide batchSize: ${batchSize} images do not make ${parts} parts of one size. ` +
        `Fitting ones are ${divisors.join(', ')}.`,
    );
  }
  if (WHOLE_BATCH.has(architecture)) {
    check.add(
      path,
      'DOES_NOT_FIT_MODEL',
      `The batch norm of the ${architecture} architecture looks at the whole batch, which microBatches would split; leave ` +
        'it out and use a smaller batchSize.',
    );
  }
  return parts;
}
