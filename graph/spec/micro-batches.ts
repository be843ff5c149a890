/** Into how many parts a batch may be split; knows not how a step is computed. */
import type { Ganway } from '../ganway.ts';
import type { Collector } from './issues.ts';
import type { TrainSpec } from './spec.ts';

const PATH = ['microBatches'];

/** Parts of a batch, all of one size; every problem with them is reported. */
export function resolveMicroBatches(check: Collector, wanted: number, batchSize: number): number {
  const parts = check.number(PATH, wanted, { fallback: 1, min: 1, max: 64, integer: true });
  if (batchSize % parts !== 0) {
    const divisors = Array.from({ length: 64 }, (_, index) => index + 1).filter((count) => batchSize % count === 0);
    check.add(
      PATH,
      'OUT_OF_RANGE',
      `microBatches must divide batchSize: ${batchSize} images do not make ${parts} parts of one size. ` +
        `Fitting ones are ${divisors.join(', ')}.`,
    );
  }
  return parts;
}

/** A network may have a layer whose result for one image depends on its whole batch; the network itself knows. */
export function fitMicroBatches(check: Collector, spec: TrainSpec, whyWholeBatch: Ganway['whyWholeBatch']): void {
  const why = spec.microBatches > 1 ? whyWholeBatch(spec) : null;
  if (why !== null) check.add(PATH, 'DOES_NOT_FIT_MODEL', why);
}
