import { describe, expect, it } from 'vitest';
import { reason } from '../../graph/run/reasons.ts';
import { type Evidence, judgeEnd } from './ending.ts';

const evidence = (change: Partial<Evidence>): Evidence => ({
  exit: { code: 0, signal: null },
  said: null,
  stopRequested: null,
  hostLost: false,
  outOfMemory: false,
  ...change,
});
const done = { type: 'end', outcome: 'DONE' } as const;
const stopped = { type: 'end', outcome: 'STOPPED' } as const;
const diverged = { type: 'failed', code: 'DIVERGED', message: 'all NaN' } as const;
const full = { type: 'failed', code: 'DISK_FULL', message: 'full' } as const;
const damaged = { type: 'failed', code: 'DATASET_DAMAGED', message: 'other bytes' } as const;
const byUser = reason('STOP_REQUESTED');
const died = (signal: NodeJS.Signals) => ({ code: null, signal });

describe('the end of a trainer', () => {
  it.each<[string, Partial<Evidence>, string, string | null, string | null, number]>([
    ['done', { said: done }, 'DONE', null, 'SUCCEEDED', 0],
    ['done just before a stop', { said: done, stopRequested: byUser }, 'DONE', null, 'SUCCEEDED', 0],
    ['done while its host goes', { said: done, hostLost: true }, 'DONE', null, 'SUCCEEDED', 0],
    ['stopped on request', { said: stopped, stopRequested: byUser }, 'STOPPED', 'STOPPED_BY_USER', 'STOPPED', 0],
    [
      'stopped by its time limit',
      { said: stopped, stopRequested: reason('MAX_RUNTIME') },
      'STOPPED',
      'MAX_RUNTIME',
      'STOPPED',
      0,
    ],
    [
      'stopped by request and host at once',
      { said: stopped, stopRequested: byUser, hostLost: true },
      'STOPPED',
      'STOPPED_BY_USER',
      'STOPPED',
      0,
    ],
    ['stopped with its host', { said: stopped, hostLost: true }, 'RETRY', 'HOST_LOST', null, 75],
    ['killed with its host', { exit: died('SIGKILL'), hostLost: true }, 'RETRY', 'HOST_LOST', null, 75],
    [
      'never started, its host gone',
      { exit: { code: null, signal: null }, hostLost: true },
      'RETRY',
      'HOST_LOST',
      null,
      75,
    ],
    ['stopped by a stranger', { said: stopped }, 'RETRY', 'KILLED', null, 75],
    ['killed', { exit: died('SIGKILL') }, 'RETRY', 'KILLED', null, 137],
    ['killed for memory', { exit: died('SIGKILL'), outOfMemory: true }, 'RETRY', 'OUT_OF_MEMORY', null, 137],
    ['aborted for memory', { exit: died('SIGABRT'), outOfMemory: true }, 'RETRY', 'OUT_OF_MEMORY', null, 134],
    ['crashed', { exit: died('SIGSEGV') }, 'RETRY', 'NATIVE_CRASH', null, 139],
    ['aborted', { exit: died('SIGABRT') }, 'RETRY', 'NATIVE_CRASH', null, 134],
    ['terminated by a stranger', { exit: died('SIGTERM') }, 'RETRY', 'KILLED', null, 75],
    ['diverged', { said: diverged, exit: { code: 65, signal: null } }, 'FAILED', 'DIVERGED', 'FAILED', 65],
    [
      'failed though a stop was asked for',
      { said: diverged, exit: { code: 65, signal: null }, stopRequested: byUser },
      'FAILED',
      'DIVERGED',
      'FAILED',
      65,
    ],
    [
      'failed by an unknown code',
      { said: { ...diverged, code: 'LATER' }, exit: { code: 70, signal: null } },
      'FAILED',
      'TRAINER_BUG',
      'FAILED',
      70,
    ],
    ['out of disk', { said: full, exit: { code: 75, signal: null } }, 'RETRY', 'DISK_FULL', null, 75],
    ['too full a disk for a word', { exit: { code: 75, signal: null } }, 'RETRY', 'DISK_FULL', null, 75],
    ['full disk, host gone', { said: full, hostLost: true }, 'RETRY', 'HOST_LOST', null, 75],
    ['full disk, stop asked for', { said: full, stopRequested: byUser }, 'STOPPED', 'STOPPED_BY_USER', 'STOPPED', 0],
    ['data set damaged', { said: damaged, exit: { code: 75, signal: null } }, 'RETRY', 'DATASET_DAMAGED', null, 75],
    ['gone without a word', { exit: { code: 1, signal: null } }, 'FAILED', 'TRAINER_BUG', 'FAILED', 70],
  ])('%s', (_, change, outcome, code, phase, exitCode) => {
    const ending = judgeEnd(evidence(change));
    expect({ outcome: ending.outcome, code: ending.reason?.code ?? null, phase: ending.run?.phase ?? null }).toEqual({
      outcome,
      code,
      phase,
    });
    expect(ending.exitCode).toBe(exitCode);
  });

  it('asks the queue for a retry by exactly the codes its rules retry', () => {
    for (const signal of [
      'SIGKILL',
      'SIGSEGV',
      'SIGABRT',
      'SIGBUS',
      'SIGILL',
      'SIGFPE',
      'SIGTERM',
      'SIGINT',
    ] as const) {
      const { outcome, exitCode } = judgeEnd(evidence({ exit: died(signal) }));
      expect(outcome).toBe('RETRY');
      expect(String(exitCode)).toMatch(/^(75|13.)$/);
    }
  });
});
