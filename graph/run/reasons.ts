/** Why a run is where it is: the closed list of codes, each with the sentence a user reads. */

export const REASONS = {
  WAITING_FOR_SLOT: 'Waiting for a free slot in the queue.',
  WAITING_FOR_SUBMISSION: 'The run is recorded and about to be handed to the queue.',
  HEARTBEAT_LOST: 'The trainer has been silent for over a minute; the queue is being asked about its job.',
  RETRYING: 'The last attempt ended early; the queue starts the next one.',
  STOP_REQUESTED: 'A stop was asked for; the trainer writes a last checkpoint.',
  STOPPED_BY_USER: 'Stopped on request. resumeRun continues it from its newest checkpoint.',
  MAX_RUNTIME:
    'The run reached its maxRuntime and was stopped through a checkpoint. Raise it with updateRun, then resumeRun continues it.',
  MAX_COST:
    'The run reached its maxCostUsd and was stopped through a checkpoint. Raise it with updateRun, then resumeRun continues it.',
  MAX_QUEUE_TIME: 'The run waited for a machine as long as its maxQueueTime allows. resumeRun lets it wait anew.',
  LOST: 'The queue no longer knows the job and no result was recorded. resumeRun continues from the newest checkpoint.',
  CRASH_LOOP:
    'Two attempts in a row ended without a new checkpoint. Read the log, then resumeRun or launch a changed run.',
  NATIVE_CRASH: 'The trainer process died in native code. Read the log of the attempt.',
  OUT_OF_MEMORY: 'The trainer ran out of memory. Use a smaller batch, a smaller model or a larger machine.',
  KILLED: 'The trainer process was killed from outside.',
  HOST_LOST: 'The host of the attempt went away; the run continues on another.',
  DISK_FULL:
    'The disk of the machine that trains is full; the run is tried again. Free space on it, or resumeRun once there is some.',
  DATASET_DAMAGED: 'The data set was damaged on the disk of the machine that trains; it is fetched anew.',
  CHECKPOINT_LOST: 'The checkpoint that the run begins from is gone or damaged. Choose another.',
  BAD_SPEC: 'The trainer could not accept the spec of the run.',
  DIVERGED: 'The training diverged and could not be repaired.',
  TRAINER_BUG: 'The trainer ended with an unexpected error. Read the log of the attempt.',
  IMPORT_FAILED: 'The import found nothing it could use. Its log lists every file and why.',
  ATTEMPTS_EXHAUSTED: 'The queue used up all attempts of the job.',
  SUBMIT_FAILED: 'The queue did not accept the job.',
  TERMINATED: 'The job was terminated in the queue.',
} as const;

export type ReasonCode = keyof typeof REASONS;

export interface Reason {
  readonly code: ReasonCode;
  /** A sentence for the user: the default of the code, or a more exact one. */
  readonly message: string;
}

/** The reason of a code, with its own sentence unless a more exact one is given. */
export function reason(code: ReasonCode, message: string = REASONS[code]): Reason {
  return { code, message };
}
