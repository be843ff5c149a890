/** Decides by a job's rules whether an attempt that failed is tried again; knows no counts and no clock. */

/** One rule: all patterns that are there must match. A pattern is exact text, or a prefix followed by `*`. */
export interface ExitRule {
  readonly action: 'RETRY' | 'EXIT';
  /** Against the exit code in decimal. */
  readonly onExitCode?: string;
  /** Against the container's reason. */
  readonly onReason?: string;
  /** Against the reason of the attempt's status, e.g. `Host EC2 (instance i-…) terminated.` */
  readonly onStatusReason?: string;
}

export interface Ending {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly statusReason?: string;
}

/**
 * The action of the first rule that matches; `RETRY` where none does, as AWS Batch has it.
 * What an ending lacks is matched as empty text, so that `*` catches it.
 */
export function evaluateOnExit(rules: readonly ExitRule[], ending: Ending): 'RETRY' | 'EXIT' {
  const matched = rules.find(
    (rule) =>
      matches(rule.onExitCode, ending.exitCode?.toString()) &&
      matches(rule.onReason, ending.reason) &&
      matches(rule.onStatusReason, ending.statusReason),
  );
  return matched?.action ?? 'RETRY';
}

function matches(pattern: string | undefined, text = ''): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
