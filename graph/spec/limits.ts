/** When a training is to stop early: bounds of what a user may ask for; knows no run. */
import type { LimitsInput } from './input.ts';
import type { Collector } from './issues.ts';
import type { Limits } from './spec.ts';

const MONTH = 30 * 86_400;

/** The limits of an input; every problem with them is reported. What it leaves out is no limit. */
export function resolveLimits(check: Collector, input: LimitsInput): Limits {
  const bounds = {
    maxRuntime: { min: 10, max: MONTH, integer: true },
    maxCostUsd: { min: 0, above: true, max: 1e6 },
    maxQueueTime: { min: 60, max: MONTH, integer: true },
  };
  const limit = (name: keyof Limits): number | null => {
    const value = input[name];
    return value == null
      ? null
      : check.number(['limits', name], value, { ...bounds[name], fallback: bounds[name].max });
  };
  return { maxRuntime: limit('maxRuntime'), maxCostUsd: limit('maxCostUsd'), maxQueueTime: limit('maxQueueTime') };
}
