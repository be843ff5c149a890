/** How far a step of each precision may be from PyTorch's in float32; compares nothing itself. */
import type { Precision } from '../../../../graph/spec/spec.ts';
import { TOLERANCE } from '../step/agreement.ts';

/**
 * The share of a weight's movement that may differ: see {@link TOLERANCE} for float32. TF32 leaves factors 11 binary digits and
 * bfloat16 8, results too. Adam divides a gradient by its own size, so that of weights whose gradient is small against its
 * rounding whole steps differ. Another step is off by 1 and more: two movements that have nothing to do with each other by √2.
 */
export const TOLERANCES: Readonly<Record<Precision, number>> = { FP32: TOLERANCE, TF32: 0.15, BF16: 0.4 };
