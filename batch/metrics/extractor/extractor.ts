/** A feature extractor made of a data set's own images: trained, saved, loaded and applied; knows no metric. */
import { createHash } from 'node:crypto';
import { EngineError } from '../../engine/errors.ts';
import { type OpenOptions, openSession } from '../../engine/executors/open.ts';
import { learnedState } from '../../engine/program/state.ts';
import type { Session, TensorValue } from '../../engine/session.ts';
import type { ImageShape } from '../../models/network.ts';
import { adamSchedule } from '../../optim/adam.ts';
import { valueAt } from '../../optim/schedule.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../../trainer/safetensors.ts';
import { MetricError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { batchesOf, type PixelSet, TURNS } from './batches.ts';
import { FEATURES } from './network.ts';
import { BATCH, buildClassifierProgram, CHUNK, SCALARS } from './program.ts';

export interface Extractor {
  /** `labels-cnn128@` or `rotation-cnn128@`, and eight digits of the SHA-256 of its file: what a score says beside its name. */
  readonly name: string;
  /** A safetensors file. */
  readonly file: Uint8Array;
}

export interface TrainOptions {
  readonly seed: number;
  /** Steps of 64 images; default 1600. */
  readonly steps?: number;
  /** Told after each step. */
  readonly onStep?: (step: number, loss: number) => void;
}

/** Where TensorFlow is. */
export type Native = Pick<OpenOptions, 'nativeDir' | 'executor' | 'workDir'>;

/** What the file says of itself, as int32: it is part of what is hashed. */
const ABOUT = 'about';
const LEARNING_RATE = { kind: 'COSINE', from: 2e-3, to: 2e-5 } as const;

/**
 * Trains a classifier of labels or, where there are none, of quarter turns. The same images, labels, options and machine give the same file.
 * Blocks for as long as it takes, with calls of some tens of milliseconds.
 *
 * @param labels from 0, one an image, or null
 * @throws MetricError MISFIT where images without labels are not square; EngineError
 */
export function trainExtractor(
  images: PixelSet,
  labels: Int32Array | null,
  { seed, steps = 1600, onStep }: TrainOptions,
  native: Native,
): Extractor {
  const [height, width, channels] = images.image;
  if (labels === null && height !== width) {
    const hint = 'Give labels, or square images, which can be turned';
    throw new MetricError('MISFIT', `The images are ${width}×${height} and have no labels. ${hint}.`);
  }
  const classes = labels ? labels.reduce((most, label) => Math.max(most, label), 0) + 1 : TURNS;
  const program = buildClassifierProgram(images.image, classes, seed);
  const session = openSession(program, native);
  try {
    session.call('init');
    const batchAt = batchesOf(images, labels, { size: BATCH, seed });
    for (let step = 1; step <= steps; step++) {
      const { pixels, labels } = batchAt(step);
      const learningRate = valueAt(LEARNING_RATE, (step - 1) / steps);
      const { loss } = session.call('train', {
        images: { dtype: 'int32', shape: [BATCH, height, width, channels], data: pixels },
        labels: { dtype: 'int32', shape: [BATCH], data: labels },
        key: { dtype: 'int32', shape: [3], data: Int32Array.of(seed, 0, step) },
        schedule: SCALARS.value(
          adamSchedule('classifier', { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, step),
        ),
      });
      onStep?.(step, loss?.data[0] ?? Number.NaN);
    }
    const learned = session.read(learnedState(program.state).map(({ name }) => name));
    const about = Int32Array.of(height, width, channels, classes, labels ? 1 : 0);
    return named(
      Buffer.concat(encodeSafetensors(learned.set(ABOUT, { dtype: 'int32', shape: [about.length], data: about }))),
      labels !== null,
    );
  } finally {
    session.close();
  }
}

function named(file: Uint8Array, labelled: boolean): Extractor {
  const hash = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return { name: `${labelled ? 'labels' : 'rotation'}-cnn${FEATURES}@${hash}`, file };
}

/** A loaded extractor. Its calls block, some tens of milliseconds for each 250 images. */
export interface OpenExtractor {
  readonly name: string;
  /** `[height, width, channels]` of the images it takes. */
  readonly image: ImageShape;
  /** Features `[count, 128]`, and the class that each image seems to be of. */
  extract(images: PixelSet): { readonly features: Matrix; readonly classes: Int32Array };
  close(): void;
}

/**
 * Loads an extractor from its file.
 *
 * @throws MetricError NOT_AN_EXTRACTOR; EngineError where TensorFlow does not load
 */
export function openExtractor(file: Uint8Array, native: Native): OpenExtractor {
  const tensors = tensorsOf(file);
  const [height = 0, width = 0, channels = 0, classes = 0, labelled = 0] = tensors.get(ABOUT)?.data ?? [];
  if (classes === 0) throw new MetricError('NOT_AN_EXTRACTOR', `The file says nothing of images. ${MAKE_ONE}`);
  tensors.delete(ABOUT);
  const image: ImageShape = [height, width, channels];
  const session = openSession(buildClassifierProgram(image, classes, 0), native);
  try {
    session.call('init');
    session.write(tensors);
  } catch (cause) {
    session.close();
    if (!(cause instanceof EngineError)) throw cause;
    throw new MetricError('NOT_AN_EXTRACTOR', `The file holds another network: ${cause.message}. ${MAKE_ONE}`, {
      cause,
    });
  }
  return {
    name: named(file, labelled === 1).name,
    image,
    extract: (images) => extract(session, image, images),
    close: () => session.close(),
  };
}

const MAKE_ONE = 'Make one with "ganway extractor".';

function tensorsOf(file: Uint8Array): Map<string, TensorValue> {
  try {
    return decodeSafetensors(file);
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw new MetricError('NOT_AN_EXTRACTOR', `${cause.message} ${MAKE_ONE}`, { cause });
  }
}

function extract(session: Session, image: ImageShape, images: PixelSet): { features: Matrix; classes: Int32Array } {
  if (image.join() !== images.image.join()) {
    const [own, given] = [image, images.image].map(([height, width, channels]) => `${width}×${height}×${channels}`);
    throw new MetricError('MISFIT', `The extractor takes images of ${own}, not of ${given}. Train one on such images.`);
  }
  const length = image.reduce((product, size) => product * size, 1);
  const features = new Float64Array(images.count * FEATURES);
  const classes = new Int32Array(images.count);
  for (let first = 0; first < images.count; first += CHUNK) {
    const count = Math.min(CHUNK, images.count - first);
    const data = new Int32Array(CHUNK * length); // the last one is filled up with black images
    data.set(images.pixels.subarray(first * length, (first + count) * length));
    const made: Record<string, TensorValue> = session.call('extract', {
      images: { dtype: 'int32', shape: [CHUNK, ...image], data },
    });
    features.set(made.features?.data.subarray(0, count * FEATURES) ?? [], first * FEATURES);
    classes.set(made.classes?.data.subarray(0, count) ?? [], first);
  }
  return { features: { rows: images.count, columns: FEATURES, values: features }, classes };
}
