/** How useful generated samples are to a classifier of real ones; knows nothing of how features came about. */
import { fitClassifier, type Labelled } from './classifier.ts';

export interface ClassificationAccuracy {
  /** Share of the real samples whose class is told by a classifier of the generated ones: the score. */
  readonly trainedOnFake: number;
  /** Share of the generated samples whose class is told by a classifier of the real ones. */
  readonly trainedOnReal: number;
}

/** The classification accuracy score of Ravuri and Vinyals 2019 (arXiv:1905.10887): GAN-train, and GAN-test of Shmelkov et al. 2018. */
export function classificationAccuracy(real: Labelled, fake: Labelled): ClassificationAccuracy {
  const classes = 1 + Math.max(largest(real.labels), largest(fake.labels));
  return {
    trainedOnFake: accuracy(fake, real, classes),
    trainedOnReal: accuracy(real, fake, classes),
  };
}

function accuracy(train: Labelled, test: Labelled, classes: number): number {
  const told = fitClassifier(train, classes)(test.features);
  return told.filter((label, row) => label === test.labels[row]).length / told.length;
}

const largest = (labels: Int32Array): number => labels.reduce((most, label) => Math.max(most, label), 0);
