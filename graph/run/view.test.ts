import { describe, expect, it } from 'vitest';
import type { ImportSpec, TrainSpec } from '../spec/spec.ts';
import type { JournalEvent } from './events.ts';
import { fold, initialState } from './fold.ts';
import type { Snapshot } from './load.ts';
import { attemptStarted, runEnded, trainingStarted } from './testing/bench.ts';
import { HEARTBEAT_LIMIT_MS, progressOf, reasonAt } from './view.ts';

const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number) => new Date(T0 + ms).toISOString();
const spec = { task: 'TRAIN', steps: 200 } as TrainSpec;

function snapshot(events: readonly JournalEvent[], of: TrainSpec | ImportSpec = spec): Snapshot {
  const file = { v: 1, runId: 'lab-0', createdAt: at(0), createdBy: 'ada', name: null, spec: of } as const;
  return {
    file,
    state: events.reduce(
      (state, event, index) => fold(state, event, { position: index + 1, index: 0 }),
      initialState(),
    ),
  };
}

const launched: JournalEvent = { type: 'LAUNCH_REQUESTED', at: at(0), launch: 1, cause: 'CREATE' };
const running = [launched, attemptStarted(1, 'job'), trainingStarted(1, at(0))];
const heartbeat = (ms: number, step: number): JournalEvent => ({ type: 'HEARTBEAT', at: at(ms), attempt: 1, step });
const reasonOf = (events: readonly JournalEvent[], ms: number) =>
  reasonAt(snapshot(events), new Date(T0 + ms))?.code ?? null;

describe('the reason of a run', () => {
  it('is HEARTBEAT_LOST once its trainer is silent for too long, and no more when it is heard again', () => {
    expect(reasonOf(running, HEARTBEAT_LIMIT_MS)).toBeNull();
    expect(reasonOf(running, HEARTBEAT_LIMIT_MS + 1)).toBe('HEARTBEAT_LOST');
    expect(reasonOf([...running, heartbeat(HEARTBEAT_LIMIT_MS, 5)], HEARTBEAT_LIMIT_MS + 1)).toBeNull();
    expect(reasonOf([...running, heartbeat(1000, 5)], HEARTBEAT_LIMIT_MS + 1001)).toBe('HEARTBEAT_LOST');
  });

  it('is never HEARTBEAT_LOST while no trainer has to be heard', () => {
    const late = 10 * HEARTBEAT_LIMIT_MS;
    expect(reasonOf([launched], late)).toBe('WAITING_FOR_SUBMISSION');
    expect(reasonOf([...running, runEnded('SUCCEEDED')], late)).toBeNull();
    const retry: JournalEvent = {
      type: 'ATTEMPT_ENDED',
      at: at(1),
      attempt: 1,
      outcome: 'RETRY',
      exitCode: 75,
      reason: null,
    };
    expect(reasonOf([...running, retry], late)).toBe('RETRYING');
  });
});

describe('the progress of a run', () => {
  it('of steps is the share of them that is done, back where a rewind took it', () => {
    expect(progressOf(snapshot([launched]))).toBe(0);
    expect(progressOf(snapshot([...running, heartbeat(1, 50)]))).toBe(0.25);
    const rewound = [...running, heartbeat(1, 150), attemptStarted(2, 'job', { resumedFromStep: 100 })];
    expect(progressOf(snapshot(rewound))).toBe(0.5);
    expect(progressOf(snapshot([...running, heartbeat(1, 50), runEnded('SUCCEEDED')]))).toBe(1);
    expect(progressOf(snapshot([...running, heartbeat(1, 50), runEnded('STOPPED')]))).toBe(0.25);
  });

  it('of a task without steps is what it says, and nothing again when it begins anew', () => {
    const task = { task: 'IMPORT' } as ImportSpec;
    const said: JournalEvent = { type: 'PROGRESS', at: at(1), attempt: 1, fraction: 0.6 };
    expect(progressOf(snapshot([...running, said], task))).toBe(0.6);
    expect(progressOf(snapshot([...running, said, attemptStarted(2, 'job')], task))).toBe(0);
    expect(progressOf(snapshot([...running, { ...said, fraction: 1.5 }], task))).toBe(1);
  });
});
