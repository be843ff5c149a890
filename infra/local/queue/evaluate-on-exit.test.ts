import { describe, expect, test } from 'vitest';
import { type ExitRule, evaluateOnExit } from './evaluate-on-exit.ts';

/** The five rules of every Ganway job. */
const ours: ExitRule[] = [
  { action: 'RETRY', onStatusReason: 'Host EC2*' },
  { action: 'RETRY', onReason: 'CannotPull*' },
  { action: 'RETRY', onExitCode: '75' },
  { action: 'RETRY', onExitCode: '13*' },
  { action: 'EXIT', onReason: '*' },
];

describe('the rules of a Ganway job', () => {
  test.each([
    ['a lost host', { statusReason: 'Host EC2 (instance i-local1) terminated.' }, 'RETRY'],
    ['a lost host with an exit code', { statusReason: 'Host EC2 (instance i-1) terminated.', exitCode: 64 }, 'RETRY'],
    ['an image that cannot be pulled', { reason: 'CannotPullContainerError: no route' }, 'RETRY'],
    ['a request to be tried again', { exitCode: 75 }, 'RETRY'],
    ['SIGKILL', { exitCode: 137 }, 'RETRY'],
    ['SIGSEGV', { exitCode: 139 }, 'RETRY'],
    ['SIGTERM, which is not 13x', { exitCode: 143 }, 'EXIT'],
    ['a bad spec', { exitCode: 64 }, 'EXIT'],
    ['an exit code that only begins like 75', { exitCode: 750 }, 'EXIT'],
    ['an ending of which nothing is known', {}, 'EXIT'],
  ] as const)('%s', (_, ending, action) => {
    expect(evaluateOnExit(ours, ending)).toBe(action);
  });
});

test('a rule matches only if all its conditions do', () => {
  const rules: ExitRule[] = [{ action: 'EXIT', onExitCode: '1', onReason: 'OutOfMemory*' }];
  expect(evaluateOnExit(rules, { exitCode: 1, reason: 'OutOfMemoryError: killed' })).toBe('EXIT');
  expect(evaluateOnExit(rules, { exitCode: 1 })).toBe('RETRY');
  expect(evaluateOnExit(rules, { exitCode: 2, reason: 'OutOfMemoryError: killed' })).toBe('RETRY');
});

test('the first rule that matches wins', () => {
  const rules: ExitRule[] = [
    { action: 'EXIT', onExitCode: '1*' },
    { action: 'RETRY', onExitCode: '13' },
  ];
  expect(evaluateOnExit(rules, { exitCode: 13 })).toBe('EXIT');
});

test('an attempt that no rule matches is tried again', () => {
  expect(evaluateOnExit([{ action: 'EXIT', onExitCode: '64' }], { exitCode: 1 })).toBe('RETRY');
  expect(evaluateOnExit([], { exitCode: 1 })).toBe('RETRY');
});
