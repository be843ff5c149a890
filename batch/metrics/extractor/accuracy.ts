/** How useful generated images are to a classifier of real ones, by a small convolutional network; knows no files. */
import type { PixelSet } from './batches.ts';
import { type Native, openExtractor, type TrainOptions, trainExtractor } from './extractor.ts';

export interface LabelledImages {
  readonly images: PixelSet;
  /** From 0, one an image. */
  readonly labels: Int32Array;
}

/**
 * Share of the `test` images whose class is told by a classifier trained on `train`: the classification accuracy score of Ravuri
 * and Vinyals 2019 (arXiv:1905.10887) where `train` was generated and `test` is real.
 */
export function classifierAccuracy(
  train: LabelledImages,
  test: LabelledImages,
  options: TrainOptions,
  native: Native,
): number {
  const classifier = openExtractor(trainExtractor(train.images, train.labels, options, native).file, native);
  try {
    const { classes } = classifier.extract(test.images);
    return classes.filter((found, row) => found === test.labels[row]).length / classes.length;
  } finally {
    classifier.close();
  }
}
