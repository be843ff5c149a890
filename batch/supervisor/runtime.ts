/** How long a launch has been computing, from its attempts. */
import type { AttemptState } from '../../graph/run/state.ts';

/**
 * Seconds of computing in earlier attempts of a launch. An attempt that vanished counts until the next began.
 *
 * @param current number of the attempt that is at work, which is left out
 */
export function secondsBefore(attempts: readonly AttemptState[], launch: number, current: number): number {
  return attempts.reduce((seconds, attempt, index) => {
    if (attempt.launch !== launch || attempt.number >= current) return seconds;
    const end = attempt.endedAt ?? attempts[index + 1]?.startedAt ?? attempt.startedAt;
    return seconds + Math.max(0, Date.parse(end) - Date.parse(attempt.startedAt)) / 1000;
  }, 0);
}
