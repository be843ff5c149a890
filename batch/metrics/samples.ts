/** Arrays of a user as samples, and what must be true of them; knows no metric. */
import { MetricError } from './errors.ts';
import type { Images } from './images.ts';
import type { Matrix } from './matrix.ts';
import type { NumberArray } from './read-array.ts';

/** Samples along the first axis, one label each where there are labels. */
export interface Samples {
  /** What a message calls them, e.g. `--real`. */
  readonly name: string;
  readonly array: NumberArray;
  readonly labels: Int32Array | null;
  /** The name of what made features of images; absent where they are as the user gave them. */
  readonly extractor?: string;
}

export const countOf = ({ array }: Samples): number => array.shape[0] ?? 0;

const isImages = ({ array: { shape, values } }: Samples): boolean => shape.length === 4 && values instanceof Uint8Array;

/** What made the numbers of a sample: `given` are features of the user's, `pixels` grey levels of 0 to 255. */
export function extractorOf(samples: Samples): string {
  return samples.extractor ?? (isImages(samples) ? 'pixels' : 'given');
}

/**
 * Refuses arrays that are neither features `[n, d]` nor uint8 images `[n, h, w, c]`, that are of fewer than two samples, and
 * those that differ from the first in what a sample is.
 *
 * @throws MetricError MISFIT, TOO_FEW
 */
export function requireAlike(all: readonly Samples[]): void {
  const [first] = all;
  for (const samples of all) {
    const { shape } = samples.array;
    if (shape.length !== 1 && shape.length !== 2 && !isImages(samples)) {
      const has = `${samples.name} has the shape [${shape.join(', ')}]`;
      throw new MetricError('MISFIT', `${has}. Give features [n, d], or uint8 images [n, height, width, channels].`);
    }
    if (first && shape.slice(1).join() !== first.array.shape.slice(1).join()) {
      const [one, other] = [first, samples].map(
        ({ name, array }) => `${name} has the shape [${array.shape.join(', ')}]`,
      );
      throw new MetricError('MISFIT', `${one}, ${other}. All sizes but the first must be equal.`);
    }
    if (countOf(samples) < 2) {
      throw new MetricError('TOO_FEW', `${samples.name} holds ${countOf(samples)} samples. Give two or more.`);
    }
    if (samples.labels && samples.labels.length !== countOf(samples)) {
      const counts = `${samples.labels.length} labels of ${countOf(samples)} samples`;
      throw new MetricError('MISFIT', `${samples.name} has ${counts}. Give one label a sample.`);
    }
  }
}

/** One sample a row, images pixel by pixel. */
export function featuresOf({ array: { shape, values } }: Samples): Matrix {
  const [rows = 0, ...sizes] = shape;
  const columns = sizes.reduce((product, size) => product * size, 1);
  return { rows, columns, values: values instanceof Float64Array ? values : Float64Array.from(values) };
}

/**
 * uint8 images of grey levels.
 *
 * @throws MetricError MISFIT where they are no images
 */
export function imagesOf(samples: Samples): Images & { readonly values: Uint8Array } {
  const { shape, values } = samples.array;
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  if (!isImages(samples) || !(values instanceof Uint8Array)) {
    const has = `${samples.name} has the shape [${shape.join(', ')}]`;
    throw new MetricError('MISFIT', `${has}. Give uint8 images [n, height, width, channels].`);
  }
  return { count, height, width, channels, values };
}

/** @throws MetricError MISFIT where there are no labels */
export function labelsOf({ name, labels }: Samples): Int32Array {
  if (labels === null)
    throw new MetricError('MISFIT', `${name} needs labels. Give ${name}-labels with one integer a sample.`);
  return labels;
}

/**
 * A label array as whole numbers from 0.
 *
 * @throws MetricError MISFIT where it is not one number a sample
 */
export function toLabels(name: string, { shape, values }: NumberArray): Int32Array {
  const hint = 'Give one whole number from 0 a sample, in an array [n]';
  if (shape.length !== 1) throw new MetricError('MISFIT', `${name} has the shape [${shape.join(', ')}]. ${hint}.`);
  const wrong = values.find((value) => !Number.isInteger(value) || value < 0 || value > 0xffff);
  if (wrong !== undefined) throw new MetricError('MISFIT', `${name} has the value ${wrong}. ${hint}.`);
  return Int32Array.from(values);
}

/** The samples of these indices, in their order. */
export function takeSamples(samples: Samples, indices: Int32Array): Samples {
  const { shape, values } = samples.array;
  const size = shape.slice(1).reduce((product, one) => product * one, 1);
  const taken =
    values instanceof Uint8Array ? new Uint8Array(indices.length * size) : new Float64Array(indices.length * size);
  indices.forEach((index, at) => void taken.set(values.subarray(index * size, (index + 1) * size), at * size));
  return {
    ...samples,
    array: { shape: [indices.length, ...shape.slice(1)], values: taken },
    labels: samples.labels && indices.map((index) => samples.labels?.[index] ?? 0),
  };
}
