/** What is wrong with the arrays of a metric, as a closed list; knows no command line. */

export type MetricErrorCode =
  /** There is no such file. */
  | 'NOT_FOUND'
  /** The file is no array of numbers that can be read. */
  | 'NOT_AN_ARRAY'
  /** The file is no feature extractor of Ganway's. */
  | 'NOT_AN_EXTRACTOR'
  /** The array has another shape, type or range than the metric takes, or the arrays do not fit each other. */
  | 'MISFIT'
  /** There are too few samples for the metric and its options. */
  | 'TOO_FEW';

/** A sentence about what a user gave, and what to give instead. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
  readonly code: MetricErrorCode;
  constructor(code: MetricErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
