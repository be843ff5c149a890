/** A linear classifier of features; knows neither real nor generated. */
import { minimise } from './lbfgs.ts';
import type { Matrix } from './matrix.ts';

export interface Labelled {
  readonly features: Matrix;
  /** One a row, below the number of classes. */
  readonly labels: Int32Array;
}

/** Classes of rows. */
export type Classifier = (features: Matrix) => Int32Array;

/**
 * Multinomial logistic regression on standardised features, with an L2 penalty of ½‖W‖² beside the sum of the losses and none on
 * the biases: what scikit-learn calls `StandardScaler` and `LogisticRegression` with C = 1. Convex, so that it needs no seed.
 */
export function fitClassifier({ features, labels }: Labelled, classes: number): Classifier {
  const standardise = standardiserOf(features);
  const x = standardise(features);
  const width = x.columns + 1; // the last weight of a class is its bias
  const weights = minimise(
    (weights, gradient) => {
      gradient.fill(0);
      const scores = new Float64Array(classes);
      let loss = 0;
      for (let row = 0; row < x.rows; row++) {
        scoresOf(x, row, weights, scores);
        const label = labels[row] ?? 0;
        loss += logSumExp(scores) - (scores[label] ?? 0);
        toProbabilities(scores);
        for (let c = 0; c < classes; c++) {
          const slope = (scores[c] ?? 0) - (c === label ? 1 : 0);
          for (let i = 0; i < x.columns; i++) {
            const at = c * width + i;
            gradient[at] = (gradient[at] ?? 0) + slope * (x.values[row * x.columns + i] ?? 0);
          }
          const bias = (c + 1) * width - 1;
          gradient[bias] = (gradient[bias] ?? 0) + slope;
        }
      }
      for (let at = 0; at < weights.length; at++) {
        if ((at + 1) % width === 0) continue;
        const weight = weights[at] ?? 0;
        loss += (weight * weight) / 2;
        gradient[at] = (gradient[at] ?? 0) + weight;
      }
      for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) / x.rows;
      return loss / x.rows;
    },
    new Float64Array(classes * width),
    { tolerance: 1e-7, iterations: 1000 },
  );
  return (features) => {
    const x = standardise(features);
    const scores = new Float64Array(classes);
    return Int32Array.from({ length: x.rows }, (_, row) => {
      scoresOf(x, row, weights, scores);
      return scores.indexOf(Math.max(...scores));
    });
  };
}

/** Takes the mean of the rows from others and divides by their deviation; a constant feature becomes 0. */
function standardiserOf({ rows, columns, values }: Matrix): (other: Matrix) => Matrix {
  const [mean, deviation] = [new Float64Array(columns), new Float64Array(columns)];
  for (let column = 0; column < columns; column++) {
    let [sum, squares] = [0, 0];
    for (let at = column; at < values.length; at += columns) sum += values[at] ?? 0;
    mean[column] = sum / rows;
    for (let at = column; at < values.length; at += columns) squares += ((values[at] ?? 0) - sum / rows) ** 2;
    deviation[column] = Math.sqrt(squares / rows) || 1;
  }
  return (other) => ({
    ...other,
    values: other.values.map((value, at) => (value - (mean[at % columns] ?? 0)) / (deviation[at % columns] ?? 1)),
  });
}

function scoresOf(x: Matrix, row: number, weights: Float64Array, scores: Float64Array): void {
  const width = x.columns + 1;
  for (let c = 0; c < scores.length; c++) {
    let sum = weights[(c + 1) * width - 1] ?? 0;
    for (let i = 0; i < x.columns; i++) sum += (weights[c * width + i] ?? 0) * (x.values[row * x.columns + i] ?? 0);
    scores[c] = sum;
  }
}

function logSumExp(scores: Float64Array): number {
  const most = Math.max(...scores);
  return most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
}

function toProbabilities(scores: Float64Array): void {
  const total = logSumExp(scores);
  for (let c = 0; c < scores.length; c++) scores[c] = Math.exp((scores[c] ?? 0) - total);
}
