/** When a job is started again, as AWS Batch takes it; the one list for what is submitted and what is deployed. */

/** A rule of `evaluateOnExit`. Patterns may end with a star; those of one rule must all match. */
export interface RetryRule {
  readonly onStatusReason?: string;
  readonly onReason?: string;
  readonly onExitCode?: string;
  readonly action: 'RETRY' | 'EXIT';
}

/**
 * Which ends of an attempt are worth another one; the service takes no more than five rules. The last one is needed
 * because Batch retries whatever matches none.
 *
 * See "Automated job retries" in the user guide of AWS Batch.
 */
export const RETRY_RULES: readonly RetryRule[] = [
  // The instance was taken back or lost.
  { onStatusReason: 'Host EC2*', action: 'RETRY' },
  { onReason: 'CannotPull*', action: 'RETRY' },
  // The container asks for it.
  { onExitCode: '75', action: 'RETRY' },
  // 128 + signal: killed from outside, or crashed in native code.
  { onExitCode: '13*', action: 'RETRY' },
  { onReason: '*', action: 'EXIT' },
];
