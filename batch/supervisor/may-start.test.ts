import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../graph/run/events.ts';
import { fold, initialState } from '../../graph/run/fold.ts';
import { reason } from '../../graph/run/reasons.ts';
import type { RunState } from '../../graph/run/state.ts';
import { mayStart } from './may-start.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const after = (events: readonly JournalEvent[]): RunState =>
  events.reduce((state, event, index) => fold(state, event, { position: index + 1, index: 0 }), initialState());

const launched = (launch: number, cause: 'CREATE' | 'RESUME' | 'RELAUNCH' = 'CREATE'): JournalEvent => ({
  type: 'LAUNCH_REQUESTED',
  at: at(0),
  launch,
  cause,
});
const started = (attempt: number, jobId: string, launch = 1, second = attempt): JournalEvent => ({
  type: 'ATTEMPT_STARTED',
  at: at(second),
  attempt,
  launch,
  jobId,
  cause: 'RETRY',
  resumedFromStep: null,
  trainerVersion: '0',
  host: null,
  device: null,
  exact: true,
  differs: [],
});
const sealed = (attempt: number): JournalEvent => ({
  type: 'CHECKPOINT_SEALED',
  at: at(attempt),
  attempt,
  step: 0,
  kimg: 0,
  trigger: 'SCHEDULE',
  manifest: 'm',
  bytes: 1,
});
const ended = (attempt: number, exitCode: number, code: 'KILLED' | 'HOST_LOST'): JournalEvent => ({
  type: 'ATTEMPT_ENDED',
  at: at(attempt),
  attempt,
  outcome: 'RETRY',
  exitCode,
  reason: reason(code),
});
const stop: JournalEvent = { type: 'STOP_REQUESTED', at: at(3), by: 'me', reason: reason('STOP_REQUESTED') };
const runEnded: JournalEvent = { type: 'RUN_ENDED', at: at(4), phase: 'STOPPED', reason: null };
const judge = (events: readonly JournalEvent[], second = 10, launch = 1, jobId = 'job') =>
  mayStart(after(events), { launch, jobId, now: new Date(at(second)) });

describe('a container', () => {
  it('starts a run that waits for it', () => {
    expect(judge([launched(1)])).toEqual({ kind: 'START', cause: 'START' });
  });

  it('leaves a run that has ended, or was launched anew meanwhile', () => {
    expect(judge([launched(1), runEnded]).kind).toBe('LEAVE');
    expect(judge([launched(1), runEnded, launched(2, 'RESUME')]).kind).toBe('LEAVE');
  });

  it('leaves an attempt of another job alone for as long as it was heard of within a minute', () => {
    const events = [launched(1), started(1, 'other'), sealed(1)];
    expect(judge(events, 60).kind).toBe('LEAVE');
    expect(judge(events, 62)).toEqual({ kind: 'START', cause: 'RETRY' });
  });

  it('takes over from an attempt of its own job at once', () => {
    expect(judge([launched(1), started(1, 'job')], 2)).toEqual({ kind: 'START', cause: 'RETRY' });
  });

  it('takes over from an attempt of another job that has ended', () => {
    expect(judge([launched(1), started(1, 'other'), ended(1, 75, 'HOST_LOST')], 2).kind).toBe('START');
  });

  it('ends a run that was asked to stop while nobody was at work', () => {
    expect(judge([launched(1), stop])).toMatchObject({
      kind: 'END',
      phase: 'STOPPED',
      reason: { code: 'STOPPED_BY_USER' },
    });
  });

  it('resumes after a stop: a later launch knows nothing of it', () => {
    const events = [launched(1), started(1, 'old'), stop, runEnded, launched(2, 'RESUME')];
    expect(judge(events, 10, 2)).toEqual({ kind: 'START', cause: 'RESUME' });
  });

  it('gives up after two attempts in a row without a checkpoint of their own', () => {
    const crash = [started(1, 'job'), ended(1, 139, 'KILLED'), started(2, 'job'), ended(2, 139, 'KILLED')];
    expect(judge([launched(1), ...crash])).toMatchObject({
      kind: 'END',
      phase: 'FAILED',
      reason: { code: 'CRASH_LOOP' },
    });
    expect(judge([launched(1), started(1, 'job'), started(2, 'job')]).kind).toBe('END');
  });

  it('does not give up where one of the two sealed a checkpoint, or lost its host in order', () => {
    expect(judge([launched(1), started(1, 'job'), sealed(1), started(2, 'job')]).kind).toBe('START');
    const moved = [started(1, 'job'), ended(1, 75, 'HOST_LOST'), started(2, 'job'), ended(2, 75, 'HOST_LOST')];
    expect(judge([launched(1), ...moved]).kind).toBe('START');
  });

  it('counts crashes anew with every launch', () => {
    const crashed = [launched(1), started(1, 'old'), started(2, 'old'), launched(2, 'RELAUNCH')];
    expect(judge(crashed, 100, 2).kind).toBe('START');
  });
});
