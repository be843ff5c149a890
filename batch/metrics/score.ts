/** A metric's value with all that it takes to read it: its floor, the numbers of samples, the extractor; knows no files. */
import { type MetricName, type MetricOptions, metrics, type Result } from './catalogue.ts';
import { MetricError } from './errors.ts';
import { halves } from './matrix.ts';
import { countOf, extractorOf, requireAlike, type Samples, takeSamples } from './samples.ts';

/** A result and the numbers of samples it is of. */
export interface Measured extends Result {
  readonly real: number;
  readonly fake: number;
}

export interface Score extends Measured {
  readonly metric: MetricName;
  /** The metric's, or, where features were extracted, `cfid[labels-cnn128@1a2b3c4d]`: numbers of two extractors never compare. */
  readonly name: string;
  /** Where the features come from. Never an Inception network's by itself: plain "FID" is for those alone. */
  readonly extractor: string;
  /** Numbers in a sample. */
  readonly dimensions: number;
  /**
   * The same of one half of the reals against the other, which a perfect generator would reach with as many; null where halves are too
   * small. fid, mind and swd are the higher the fewer samples there are, so theirs is higher than that of as many as the score is of.
   */
  readonly floor: Measured | null;
  readonly seed: number;
}

/**
 * Computes a metric and its floor. Pure, and blocks for as long as it takes: a process with a clock to keep runs it in a worker,
 * whose messages can carry all of its arguments and its result.
 *
 * @throws MetricError MISFIT, TOO_FEW
 */
export function scoreOf(metric: MetricName, real: Samples, fake: Samples, options: MetricOptions): Score {
  requireAlike([real, fake, ...(options.heldOut ? [options.heldOut] : [])]);
  const { compute } = metrics[metric];
  const [one, other] = halves(countOf(real), options.seed);
  const measure = (real: Samples, fake: Samples): Measured => ({
    ...compute(real, fake, options),
    real: countOf(real),
    fake: countOf(fake),
  });
  const extractor = extractorOf(real);
  return {
    metric,
    name: real.extractor === undefined ? metric : `c${metric}[${extractor}]`,
    ...measure(real, fake),
    extractor,
    dimensions: real.array.shape.slice(1).reduce((product, size) => product * size, 1),
    floor: one.length > 1 ? floorOf(() => measure(takeSamples(real, one), takeSamples(real, other))) : null,
    seed: options.seed,
  };
}

/** Halves may be too small for options that the whole is large enough for: then there is no floor. */
function floorOf(measure: () => Measured): Measured | null {
  try {
    return measure();
  } catch (error) {
    if (error instanceof MetricError && error.code === 'TOO_FEW') return null;
    throw error;
  }
}
