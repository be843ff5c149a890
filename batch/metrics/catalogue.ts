/** Every metric by name: what it is, what it takes, and how its options reach it; computes nothing itself. */
import { classificationAccuracy } from './classification-accuracy.ts';
import { MetricError } from './errors.ts';
import { frechetDistance } from './frechet.ts';
import { kernelDistance } from './kernel-distance.ts';
import { choose } from './matrix.ts';
import { type Memorisation, memorisation } from './memorisation.ts';
import { countModes } from './modes.ts';
import { mongeDistance } from './monge.ts';
import { type Neighbourhoods, neighbourhoods } from './neighbourhoods.ts';
import { countOf, featuresOf, imagesOf, labelsOf, type Samples, takeSamples } from './samples.ts';
import { slicedTransport } from './sliced.ts';
import { patchDistance } from './sliced-wasserstein.ts';

export interface MetricOptions {
  /** Neighbours; null takes those of the authors of the metric. */
  readonly k: number | null;
  readonly subsets: number;
  readonly subsetSize: number;
  readonly seed: number;
  /** Real samples that were not trained on, for metrics of copying. */
  readonly heldOut: Samples | null;
}

/** The number that is compared, and what else is to be known of it. */
export interface Result {
  readonly value: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Metric {
  readonly title: string;
  readonly compute: (real: Samples, fake: Samples, options: MetricOptions) => Result;
}

export const metricNames = [
  ...(['fid', 'kid', 'mind', 'precision', 'recall', 'density', 'coverage'] as const),
  ...(['swd', 'cas', 'modes', 'memorisation', 'copying'] as const),
] as const;
export type MetricName = (typeof metricNames)[number];

export const metrics: Readonly<Record<MetricName, Metric>> = {
  fid: { title: "Fréchet's distance, 0 is best", compute: fid },
  kid: {
    title: 'kernel distance, 0 is best',
    compute: (real, fake, { subsets, subsetSize, seed }) => {
      const { value, ...details } = kernelDistance(featuresOf(real), featuresOf(fake), { subsets, subsetSize, seed });
      return { value, details: { ...details, subsets } };
    },
  },
  mind: {
    title: "Monge's distance, 0 is best",
    compute: (real, fake, { seed }) => ({
      value: mongeDistance(featuresOf(real), featuresOf(fake), seed),
      details: {},
    }),
  },
  precision: neighbourhood('precision', 3, 'share of fakes among the reals, 1 is best'),
  recall: neighbourhood('recall', 3, 'share of reals among the fakes, 1 is best'),
  density: neighbourhood('density', 5, 'how densely fakes lie among the reals, 1 is as reals do'),
  coverage: neighbourhood('coverage', 5, 'share of reals with a fake nearby, 1 is best'),
  swd: { title: 'sliced Wasserstein distance, 0 is best', compute: slicedWasserstein },
  cas: {
    title: 'accuracy on reals of a classifier of fakes, 1 is best',
    compute: (real, fake) => {
      const labelled = (samples: Samples) => ({ features: featuresOf(samples), labels: labelsOf(samples) });
      const { trainedOnFake, trainedOnReal } = classificationAccuracy(labelled(real), labelled(fake));
      return { value: trainedOnFake, details: { trainedOnReal } };
    },
  },
  modes: {
    title: 'modes hit, all is best',
    compute: (_, fake) => {
      const { codes, of } = modeCodes(fake);
      const { modes, divergence } = countModes(codes, of);
      return { value: modes, details: { of, divergence } };
    },
  },
  memorisation: copying('ratio', 'distance to the training set by that of reals, 1 is as reals'),
  copying: copying('z', 'Z of distances to the training set: below -3 copies, above 3 underfits'),
};

function fid(real: Samples, fake: Samples): Result {
  const rows = Math.min(countOf(real), countOf(fake));
  const features = featuresOf(real);
  const needed = Math.max(2000, 10 * features.columns);
  return { value: frechetDistance(features, featuresOf(fake)), details: { lowN: rows < needed } };
}

function neighbourhood(which: keyof Neighbourhoods, usual: number, title: string): Metric {
  return {
    title,
    compute: (real, fake, options) => {
      const k = options.k ?? usual;
      const rows = Math.min(countOf(real), countOf(fake));
      if (k >= rows) {
        throw new MetricError('TOO_FEW', `${k} neighbours need more than ${k} samples on both sides, of ${rows}.`);
      }
      return { value: neighbourhoods(featuresOf(real), featuresOf(fake), k)[which], details: { k } };
    },
  };
}

/** Of images by their patches, of features along directions. */
function slicedWasserstein(real: Samples, fake: Samples, { subsetSize, seed }: MetricOptions): Result {
  if (real.array.shape.length < 4) {
    const options = { directions: 512, power: 1, seed } as const;
    return { value: slicedTransport(featuresOf(real), featuresOf(fake), options), details: {} };
  }
  const images = Math.min(subsetSize, countOf(real), countOf(fake));
  const some = (samples: Samples) => imagesOf(takeSamples(samples, choose(countOf(samples), images, seed, 0)));
  const { value, ...details } = patchDistance(some(real), some(fake), seed);
  return { value, details: { images, ...details } };
}

function copying(which: 'ratio' | 'z', title: string): Metric {
  return {
    title,
    compute: (train, fake, { heldOut }) => {
      const measured: Memorisation = memorisation(featuresOf(train), heldOut && featuresOf(heldOut), featuresOf(fake));
      const reference = heldOut ? 'held-out' : 'leave-one-out';
      return { value: measured[which], details: { ...measured, reference } };
    },
  };
}

/** Modes of a uniform set of 1000 where samples are numbers of modes, else as many as there are stacks of so many digits. */
function modeCodes({ name, array: { shape, values } }: Samples): { codes: Int32Array; of: number } {
  const [count = 0, digits = 1] = shape;
  const single = shape.length === 1;
  const of = single ? 1000 : 10 ** digits;
  const below = single ? of : 10;
  const wrong = values.find((value) => !Number.isInteger(value) || value < 0 || value >= below);
  if (shape.length > 2 || of > 1e6 || wrong !== undefined) {
    const what = wrong === undefined ? `the shape [${shape.join(', ')}]` : `the value ${wrong}`;
    const hint = 'Give modes of 0 to 999 as [n], or a digit of 0 to 9 a channel as [n, channels]';
    throw new MetricError('MISFIT', `${name} has ${what}. ${hint}, by a classifier of yours.`);
  }
  const codes = new Int32Array(count);
  values.forEach((digit, at) => {
    const row = Math.floor(at / digits);
    codes[row] = 10 * (codes[row] ?? 0) + digit;
  });
  return { codes, of };
}
