/** Which engine computed a result; knows nothing of how. */

/**
 * Raised with every change after which the same program may give other bits on the same machine: another emission of an
 * operation, another order of sums, another use of random numbers. It is part of a checkpoint's numerics, so that a run
 * that continues under another engine says that it is not exact.
 */
export const REVISION = 2;
