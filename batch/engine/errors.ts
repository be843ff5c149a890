/** What the engine refuses, and why; knows no run and no reason code of one. */

/** The closed list of what can be wrong with a program or a call of one. */
export type EngineErrorCode =
  /** Shapes that an operation cannot take. */
  | 'SHAPE'
  /** Element types that an operation cannot take. */
  | 'DTYPE'
  /** An ambiguous read, an update of an old version, two states of one name, a read of what has no value yet. */
  | 'STATE'
  /** A layer that looks at the whole batch, where there is a part of one. */
  | 'BATCH'
  /** A gradient asked of an operation that has none. */
  | 'GRADIENT'
  /** A signature that is unknown, nested or left open. */
  | 'SIGNATURE'
  /** A name that the nodes of a TensorFlow graph cannot have. */
  | 'NAME'
  /** A call whose feeds, fetches or state do not fit the program. */
  | 'FEED'
  /** Tensors that are not those of the program: missing, too many, or of another type or shape. */
  | 'RESTORE'
  /** What cannot leave as a graph of its own: it changes state, or the format lacks an operation. */
  | 'EXPORT'
  /** More memory was wanted than there is: smaller batches, images or networks may fit. */
  | 'OUT_OF_MEMORY'
  /** The library that computes could not be loaded, or failed. */
  | 'NATIVE';

/** Thrown for mistakes in a program and in calls of one; the message names operation, shapes and place. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
