import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../graph/run/events.ts';
import { fold, initialState } from '../../graph/run/fold.ts';
import { type ReasonCode, reason } from '../../graph/run/reasons.ts';
import type { RunState } from '../../graph/run/state.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';
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
const ended = (attempt: number, exitCode: number, code: ReasonCode): JournalEvent => ({
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
  mayStart(tinyTrainSpec(), after(events), { launch, jobId, now: new Date(at(second)) });

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

  describe('after attempts without a checkpoint of their own', () => {
    const crashed = (attempt: number, code: ReasonCode = 'NATIVE_CRASH') => [
      started(attempt, 'job'),
      ended(attempt, 139, code),
    ];
    const hostGone: JournalEvent = {
      type: 'JOB_STATE',
      at: at(3),
      launch: 1,
      jobId: 'job',
      status: 'RUNNABLE',
      attempts: 2,
      statusReason: 'Host EC2 (instance i-1) terminated.',
    };
    it.each<[string, readonly JournalEvent[], 'START' | 'END']>([
      ['two crashes', [...crashed(1), ...crashed(2)], 'END'],
      ['two kills', [...crashed(1, 'KILLED'), ...crashed(2, 'KILLED')], 'END'],
      ['a kill and too little memory', [...crashed(1, 'KILLED'), ...crashed(2, 'OUT_OF_MEMORY')], 'END'],
      ['two full disks', [...crashed(1, 'DISK_FULL'), ...crashed(2, 'DISK_FULL')], 'END'],
      ['crashes with a lost host between them', [...crashed(1), ...crashed(2, 'HOST_LOST'), ...crashed(3)], 'END'],
      ['one crash', crashed(1), 'START'],
      ['a crash and a lost host', [...crashed(1), ...crashed(2, 'HOST_LOST')], 'START'],
      ['two lost hosts that said so', [...crashed(1, 'HOST_LOST'), ...crashed(2, 'HOST_LOST')], 'START'],
      ['two lost hosts, the last by the word of the queue', [started(1, 'job'), started(2, 'job'), hostGone], 'START'],
      ['two that ended without a word', [started(1, 'job'), started(2, 'job')], 'START'],
      [
        'a checkpoint between two crashes',
        [started(1, 'job'), sealed(1), ended(1, 139, 'KILLED'), ...crashed(2)],
        'START',
      ],
    ])('%s', (_, events, kind) => {
      expect(judge([launched(1), ...events]).kind).toBe(kind);
    });

    it('says what the last one died of', () => {
      expect(judge([launched(1), ...crashed(1), ...crashed(2, 'DISK_FULL')])).toMatchObject({
        phase: 'FAILED',
        reason: { code: 'CRASH_LOOP', message: expect.stringContaining(reason('DISK_FULL').message) },
      });
    });
  });

  it('does not wait for an attempt of a launch that was given up, however lately it was heard of', () => {
    const events = [launched(1), started(1, 'old'), launched(2, 'RELAUNCH')];
    expect(judge(events, 2, 2, 'new')).toEqual({ kind: 'START', cause: 'RETRY' });
  });

  it('counts crashes anew with every launch', () => {
    const crashes = [started(1, 'old'), ended(1, 139, 'KILLED'), started(2, 'old'), ended(2, 139, 'KILLED')];
    expect(judge([launched(1), ...crashes, launched(2, 'RELAUNCH')], 100, 2).kind).toBe('START');
  });
});
