/** Events of a training as a supervisor would append them; no test. */
import type { EventOf } from '../../graph/run/events.ts';
import type { JsonNumber } from '../../graph/run/numbers.ts';
import { keys } from '../../graph/storage/keys.ts';
import { at } from './world.ts';

export function attemptStarted(attempt: number, resumedFromStep: number | null = null): EventOf<'ATTEMPT_STARTED'> {
  return {
    type: 'ATTEMPT_STARTED',
    at: at(attempt),
    attempt,
    launch: 1,
    jobId: 'job-1',
    cause: attempt === 1 ? 'START' : 'RETRY',
    resumedFromStep,
    trainerVersion: '1.2.3',
    host: 'host',
    device: null,
    exact: true,
    differs: [],
  };
}

export function trainingStarted(attempt: number, step: number): EventOf<'TRAINING_STARTED'> {
  return {
    type: 'TRAINING_STARTED',
    at: at(attempt),
    attempt,
    step,
    device: 'CPU',
    exact: false,
    differs: ['threads'],
  };
}

export function metrics(step: number, values: Record<string, JsonNumber>, attempt = 1): EventOf<'METRICS'> {
  return { type: 'METRICS', at: at(10 + step), attempt, step, kimg: (step * 32) / 1000, values };
}

export function sample(runId: string, step: number, { attempt = 1, set = 'ema' } = {}): EventOf<'SAMPLE'> {
  return {
    type: 'SAMPLE',
    at: at(10 + step),
    attempt,
    step,
    kimg: (step * 32) / 1000,
    set,
    trigger: 'SCHEDULE',
    key: keys.sample(runId, step, attempt, set),
    sha256: 'a'.repeat(64),
    bytes: 1000,
    width: 224,
    height: 224,
    columns: 8,
    rows: 8,
  };
}

export function checkpoint(runId: string, step: number, attempt = 1): EventOf<'CHECKPOINT_SEALED'> {
  const manifest = `${keys.checkpoint(runId, step, attempt)}manifest.json`;
  return {
    type: 'CHECKPOINT_SEALED',
    at: at(10 + step),
    attempt,
    step,
    kimg: 1,
    trigger: 'SCHEDULE',
    manifest,
    bytes: 5e9,
  };
}
