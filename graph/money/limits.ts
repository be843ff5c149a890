/** Whether a run may go on: its limits against what it has used up; knows no clock, and nobody who stops it. */
import { type Reason, reason } from '../run/reasons.ts';
import type { RunState } from '../run/state.ts';
import type { Limits, Spec } from '../spec/spec.ts';
import { computedSeconds, spentOf } from './spent.ts';

/**
 * Container time that a run keeps for its end, seconds: what a trainer may take to write a last checkpoint before the
 * queue ends its job. So the cap is met even where all of it is taken.
 */
export const RESERVE_SECONDS = 120;
/** Time a container may take beyond its maxRuntime to start and to seal its last checkpoint, seconds. */
const RUNTIME_MARGIN = 600;

type Used = Pick<RunState, 'limits' | 'launches' | 'attempts'>;

/** The limits of a run: those of its spec, and what updateRun put in their place. */
export function limitsOf({ limits }: Spec, { limits: changed }: Pick<RunState, 'limits'>): Limits {
  const own: Partial<Limits> = limits;
  const limit = (name: keyof Limits): number | null => changed[name] ?? own[name] ?? null;
  return { maxRuntime: limit('maxRuntime'), maxCostUsd: limit('maxCostUsd'), maxQueueTime: limit('maxQueueTime') };
}

/**
 * Why a run may compute no further, or null where it may. Money counts as spent when only the reserve is left.
 *
 * @param now as in {@link spentOf}
 */
export function limitReached(spec: Spec, state: Used, now?: Date): Reason | null {
  const { maxCostUsd, maxRuntime } = limitsOf(spec, state);
  if (maxCostUsd !== null && spentOf(state, now).usd + reserveOf(state) >= maxCostUsd) return reason('MAX_COST');
  if (maxRuntime !== null && computedSeconds(state, now) >= maxRuntime) return reason('MAX_RUNTIME');
  return null;
}

/** Seconds after which a container of a run has certainly used up what is left; null where there is no limit. */
export function secondsLeft(spec: Spec, state: Used): number | null {
  const { maxCostUsd, maxRuntime } = limitsOf(spec, state);
  const usdPerHour = state.launches.at(-1)?.price?.usdPerHour;
  const bounds = [
    ...(maxRuntime === null ? [] : [maxRuntime - computedSeconds(state) + RUNTIME_MARGIN]),
    ...(maxCostUsd === null || !usdPerHour ? [] : [((maxCostUsd - spentOf(state).usd) / usdPerHour) * 3600]),
  ];
  return bounds.length > 0 ? Math.max(0, Math.min(...bounds)) : null;
}

/** What the reserve of a launch at this price costs, US dollars. */
export const reserveAt = (usdPerHour: number): number => (usdPerHour * RESERVE_SECONDS) / 3600;

const reserveOf = ({ launches }: Used): number => reserveAt(launches.at(-1)?.price?.usdPerHour ?? 0);
