/** Ends of a training that are nobody's bug: a code of graph/run/reasons with its exit code and a sentence for the user. */
import type { ReasonCode } from '../../graph/run/reasons.ts';
import { EXIT } from '../protocol.ts';

/** Those that may get better by trying again have the exit code that the queue retries. */
const EXITS = {
  BAD_SPEC: EXIT.badSpec,
  IMPORT_FAILED: EXIT.badSpec,
  DIVERGED: EXIT.diverged,
  OUT_OF_MEMORY: EXIT.bug,
  TRAINER_BUG: EXIT.bug,
  DISK_FULL: EXIT.retry,
  DATASET_DAMAGED: EXIT.retry,
} as const satisfies Partial<Record<ReasonCode, number>>;

/** Thrown where the trainer knows why it cannot go on. */
export class TrainerFailure extends Error {
  override readonly name = 'TrainerFailure';
  readonly code: ReasonCode;
  readonly exitCode: number;

  constructor(code: keyof typeof EXITS, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = EXITS[code];
  }
}
