/** Why an attempt cannot even begin to compute. */
import type { ReasonCode } from '../../graph/run/reasons.ts';

/** Thrown where storage does not hold what the spec of a run names; trying again would not help. */
export class PrepareFailure extends Error {
  override readonly name = 'PrepareFailure';
  readonly code: ReasonCode;
  constructor(code: 'BAD_SPEC' | 'IMPORT_FAILED' | 'CHECKPOINT_LOST', message: string) {
    super(message);
    this.code = code;
  }
}
