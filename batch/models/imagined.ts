/** Trainings whose data set is only as large as it is said to be: to count and to time, not to learn from. */
import { type Resolved, resolveTraining } from '../../graph/spec/resolve.ts';

export interface Imagined {
  readonly preset: string;
  /** Pixels of a side. */
  readonly size: number;
  readonly channels: 1 | 3;
  readonly images: number;
  /** How many classes its labels tell apart; default 0: there are no labels. */
  readonly classes?: number;
  /** Default: that of the preset. */
  readonly batchSize?: number | null;
  /** Default: 1. */
  readonly threads?: number;
}

/** The training of a preset on a machine that has room for it. */
export function imaginedTraining({
  preset,
  size,
  channels,
  images,
  classes = 0,
  batchSize = null,
  threads = 1,
}: Imagined): Resolved {
  return resolveTraining(
    { preset, dataset: 'any', batchSize },
    {
      root: [],
      dataset: {
        ...{ id: 'any', digest: '', name: 'any', images, width: size, height: size, channels },
        classes: Array.from({ length: classes }, (_, index) => String(index)),
      },
      datasetIds: [],
      settings: { slot: { threads, gpus: 0, memoryMb: Number.MAX_SAFE_INTEGER } },
      machines: [],
      source: null,
      learned: () => [],
      whyWholeBatch: () => null,
      memoryMb: () => null,
    },
  );
}
