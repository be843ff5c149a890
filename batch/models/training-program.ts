/** The contract between a training program and the loop that calls it; knows no network and no TensorFlow. */
import type { Program } from '../engine/program/program.ts';
import type { TensorValue } from '../engine/session.ts';

/** Files that hold the images of a data set, in order. */
export interface TrainingData {
  readonly shards: readonly {
    /** Absolute path of an uint8 `.npy` file, `[count, height, width, channels]`, C order. */
    readonly file: string;
    /** Absolute path of an uint16 `.npy` file, `[count]`; none where the set has no labels. */
    readonly labels?: string | null;
    readonly count: number;
  }[];
}

/**
 * A spec compiled to one program. Call it through a {@link Session}:
 *
 * ```ts
 * const training = buildTrainingProgram(spec, { shards: [{ file, labels, count }] });
 * const session = openSession(training.program, { nativeDir, workDir });
 * session.call('init');                       // weights from the seed, data set from its files
 * session.write(checkpointState);             // only when resuming: after init
 * for (let step = 1; step <= spec.steps; step++) {
 *   const row = session.call('train', trainFeeds(spec, { step, salt: 0, indices, learningRateScale: 1 }));
 *   // row.lossD, row.lossG, row.scoreReal, row.scoreFake, row.gradientNormD, row.gradientNormG, row.finite: scalars, `.data[0]`
 * }
 * const { images } = session.call('sample', sheetFeeds(spec));
 * const checkpoint = session.read();
 * ```
 *
 * Signatures:
 * - `init`: no feeds; fetches `ready` (1).
 * - `train`: feeds `indices` int32 `[batch]` into the data set, `key` int32 `[3]` = (seed, salt, step), `schedule`
 *   float32, the scalars of both optimizers and, where there are such, γ and β of the averages; fetches the float32 scalars `lossD`, `lossG`, `scoreReal` and `scoreFake` (mean probability that D
 *   gives to real and to generated images), `gradientNormD`, `gradientNormG`, and `finite` (1 or 0). Where `finite` is 0
 *   the network whose loss or gradient is not finite kept all its state, and so did G where D was the one.
 *   With a regularizer `penalty` is fetched, the mean penalty before its weight.
 * - `sample`: feed `z` float32 `[cells, latentSize]` and, for networks that know classes, `labels` int32 `[cells]`; fetch `images` float32 `[cells, height, width, channels]` in
 *   [-1, 1], of averaged weights where there are averages. Batch norm uses moving averages, so a cell depends on its own
 *   latent and label only.
 */
export interface TrainingProgram {
  readonly program: Program;
  readonly batchSize: number;
  readonly latentSize: number;
  /** Images that one call of `sample` makes: columns · rows of the spec. */
  readonly cells: number;
  /** `[height, width, channels]`. */
  readonly imageShape: readonly [number, number, number];
}

/** What is new in each step. */
export interface StepInput {
  /** Number of the step, from 1. */
  readonly step: number;
  /** Distinguishes the random numbers of attempts that a guard began; 0 at first. */
  readonly salt: number;
  /** Images of the batch: indices over all shards, int32 `[batch]`. */
  readonly indices: Int32Array;
  /** Multiplies both learning rates; 1 by default. */
  readonly learningRateScale?: number;
}

export type Feeds = Readonly<Record<string, TensorValue>>;
