import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from './events.ts';
import { fold, initialState } from './fold.ts';
import { reason } from './reasons.ts';
import { isSuperseded, type RunPhase, type RunState } from './state.ts';

const at = '2026-01-01T00:00:00.000Z';
const launch = (number: number, cause: 'CREATE' | 'RESUME' | 'RELAUNCH' = 'CREATE'): JournalEvent => ({
  type: 'LAUNCH_REQUESTED',
  at,
  launch: number,
  cause,
});
const submitted = (number: number, jobId = `job-${number}`): JournalEvent => ({
  type: 'JOB_SUBMITTED',
  at,
  launch: number,
  jobId,
});
const job = (
  status: 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'LOST',
  more: { launch?: number; jobId?: string; attempts?: number; statusReason?: string; exitCode?: number } = {},
): JournalEvent => ({ type: 'JOB_STATE', at, launch: 1, jobId: 'job-1', attempts: 0, status, ...more });
const attempt = (number: number, resumedFromStep: number | null = null, launchNumber = 1): JournalEvent => ({
  type: 'ATTEMPT_STARTED',
  at,
  attempt: number,
  launch: launchNumber,
  jobId: `job-${launchNumber}`,
  cause: number === 1 ? 'START' : 'RETRY',
  resumedFromStep,
  trainerVersion: '0',
  host: null,
  device: null,
  exact: true,
  differs: [],
});
const training = (number: number): JournalEvent => ({ type: 'TRAINING_STARTED', at, attempt: number, step: 0 });
const metrics = (number: number, step: number, value: number | 'NaN' = 1): JournalEvent => ({
  type: 'METRICS',
  at,
  attempt: number,
  step,
  kimg: step / 10,
  values: { 'loss/generator': value },
});
const checkpoint = (number: number, step: number): JournalEvent => ({
  type: 'CHECKPOINT_SEALED',
  at,
  attempt: number,
  step,
  kimg: step / 10,
  trigger: 'SCHEDULE',
  manifest: `checkpoints/${step}`,
  bytes: 1,
});
const stop: JournalEvent = { type: 'STOP_REQUESTED', at, by: 'me', reason: reason('STOPPED_BY_USER') };
const ended = (phase: 'SUCCEEDED' | 'FAILED' | 'STOPPED'): JournalEvent => ({
  type: 'RUN_ENDED',
  at,
  phase,
  reason: null,
});
const retry = (number: number): JournalEvent => ({
  type: 'ATTEMPT_ENDED',
  at,
  attempt: number,
  outcome: 'RETRY',
  exitCode: 137,
  reason: reason('KILLED'),
});

const foldAll = (events: readonly JournalEvent[], from: RunState = initialState(), first = 1): RunState =>
  events.reduce((state, event, index) => fold(state, event, { position: first + index, index: 0 }), from);
const running = [launch(1), submitted(1), job('STARTING'), attempt(1), training(1)];

describe('the phase of a run', () => {
  const table: [string, JournalEvent[], RunPhase, string | null][] = [
    ['is QUEUED after its launch', [launch(1)], 'QUEUED', 'WAITING_FOR_SUBMISSION'],
    ['waits for a slot once submitted', [launch(1), submitted(1)], 'QUEUED', 'WAITING_FOR_SLOT'],
    ['is STARTING while the container starts', [launch(1), submitted(1), job('STARTING')], 'STARTING', null],
    [
      'stays STARTING while the container runs without a trainer',
      [launch(1), submitted(1), job('RUNNING')],
      'STARTING',
      null,
    ],
    ['is RUNNING once the trainer computes', running, 'RUNNING', null],
    ['is RUNNING even where every word of the queue was lost', [launch(1), attempt(1), training(1)], 'RUNNING', null],
    ['stays RUNNING when the news that it starts comes late', [...running, job('RUNNING')], 'RUNNING', null],
    ['is STOPPING from the wish on', [...running, stop], 'STOPPING', 'STOPPED_BY_USER'],
    ['is STOPPED when the supervisor says so', [...running, stop, ended('STOPPED')], 'STOPPED', null],
    [
      'is STOPPED when a stopped job fails',
      [launch(1), submitted(1), stop, job('FAILED')],
      'STOPPED',
      'STOPPED_BY_USER',
    ],
    ['is SUCCEEDED by the supervisor', [...running, ended('SUCCEEDED')], 'SUCCEEDED', null],
    ['does not change after its end', [...running, ended('SUCCEEDED'), stop, ended('FAILED')], 'SUCCEEDED', null],
    [
      'does not fail because the queue reports the end it knows',
      [...running, ended('SUCCEEDED'), job('FAILED')],
      'SUCCEEDED',
      null,
    ],
    ['is QUEUED again between two attempts', [...running, retry(1)], 'QUEUED', 'RETRYING'],
    [
      'is QUEUED again when the host vanished without a word',
      [...running, job('RUNNABLE', { attempts: 1 })],
      'QUEUED',
      'RETRYING',
    ],
    ['stays STOPPING between two attempts', [...running, stop, retry(1)], 'STOPPING', 'STOPPED_BY_USER'],
    ['is RUNNING again in the second attempt', [...running, retry(1), attempt(2), training(2)], 'RUNNING', null],
    ['is FAILED when the job is lost', [...running, job('LOST')], 'FAILED', 'LOST'],
    [
      'is FAILED with what the exit code means',
      [...running, job('FAILED', { exitCode: 139 })],
      'FAILED',
      'NATIVE_CRASH',
    ],
    [
      'is FAILED with the reason of who terminated its job, whatever the trainer asked for as it went',
      [...running, retry(1), job('FAILED', { exitCode: 75, statusReason: 'enough of it' })],
      'FAILED',
      'TERMINATED',
    ],
    [
      'is FAILED when every attempt asked for another',
      [...running, retry(1), job('FAILED', { exitCode: 75, statusReason: 'Essential container in task exited' })],
      'FAILED',
      'ATTEMPTS_EXHAUSTED',
    ],
    [
      'is QUEUED after a resume',
      [...running, ended('FAILED'), launch(2, 'RESUME')],
      'QUEUED',
      'WAITING_FOR_SUBMISSION',
    ],
    [
      'ignores an old job after a resume',
      [...running, ended('FAILED'), launch(2, 'RESUME'), job('FAILED')],
      'QUEUED',
      'WAITING_FOR_SUBMISSION',
    ],
    ['ignores a second job under the same launch', [...running, job('SUCCEEDED', { jobId: 'twin' })], 'RUNNING', null],
    [
      'is STOPPED when a stopped job ends without its last event',
      [...running, stop, job('SUCCEEDED')],
      'STOPPED',
      'STOPPED_BY_USER',
    ],
    [
      'is FAILED when a job ends well without the last event of the run',
      [...running, job('SUCCEEDED')],
      'FAILED',
      'LOST',
    ],
    [
      'waits for a slot when the queue says so before the submission is recorded',
      [launch(1), job('RUNNABLE')],
      'QUEUED',
      'WAITING_FOR_SLOT',
    ],
    [
      'stays RUNNING when the loss of the container before is told late',
      [...running, attempt(2), training(2), job('RUNNABLE', { attempts: 1 })],
      'RUNNING',
      null,
    ],
    [
      'is STARTING when a container starts after one that is lost',
      [...running, job('RUNNING', { attempts: 1 })],
      'STARTING',
      null,
    ],
    ['is SUCCEEDED although a stop came in the same moment', [...running, stop, ended('SUCCEEDED')], 'SUCCEEDED', null],
    ['ignores what a fenced attempt says', [...running, attempt(2, null), training(2), retry(1)], 'RUNNING', null],
  ];
  it.each(table)('%s', (_, events, phase, code) => {
    const state = foldAll(events);
    expect(state.phase).toBe(phase);
    expect(state.reason?.code ?? null).toBe(code);
  });
});

describe('the past of a run', () => {
  it('keeps every phase with its span, each beginning at an event of its own', () => {
    const { phases } = foldAll([...running, stop, ended('STOPPED'), launch(2, 'RESUME')]);
    expect(phases.map((span) => span.phase)).toEqual([
      'QUEUED',
      'STARTING',
      'RUNNING',
      'STOPPING',
      'STOPPED',
      'QUEUED',
    ]);
    expect(phases.filter((span) => span.endedAt === null)).toHaveLength(1);
    expect(new Set(phases.map((span) => span.cursor.position)).size).toBe(phases.length);
  });

  it('drops what a later attempt has rewound', () => {
    const events = [...running, metrics(1, 10), checkpoint(1, 10), metrics(1, 20), checkpoint(1, 20), attempt(2, 10)];
    const state = foldAll(events);
    expect(state.checkpoints.map(({ step }) => step)).toEqual([10]);
    expect(state.summary).toEqual({});
    expect(state.step).toBe(10);
    expect(state.kimg).toBe(1);
  });

  it('goes back to the summary of the checkpoint that an attempt continues from', () => {
    const events = [...running, metrics(1, 10, 5), checkpoint(1, 10), metrics(1, 20, 6), attempt(2, 10)];
    expect(foldAll(events).summary['loss/generator']).toMatchObject({ step: 10, value: 5, attempt: 1 });
    expect(foldAll([...events, metrics(2, 20, 7)]).summary['loss/generator']).toMatchObject({ step: 20, value: 7 });
    // Twice from the same place, and then from nothing.
    expect(foldAll([...events, metrics(2, 20), attempt(3, 10)]).summary['loss/generator']).toMatchObject({ value: 5 });
    expect(foldAll([...events, attempt(3, null)]).summary).toEqual({});
  });

  it('holds nothing that an attempt has rewound, though rows had passed the checkpoint before it was sealed', () => {
    const passed = [metrics(1, 10, 5), checkpoint(1, 10), metrics(1, 20, 6), metrics(1, 30, 7), checkpoint(1, 20)];
    const { summary } = foldAll([...running, ...passed, attempt(2, 20)]);
    expect(summary['loss/generator']).toMatchObject({ step: 10, value: 5 });
  });

  it('knows since when each job has been named, whoever named it first', () => {
    const later = (event: JournalEvent, minute: number): JournalEvent => ({
      ...event,
      at: at.replace('00:00.', `0${minute}:00.`),
    });
    const since = (...events: JournalEvent[]) =>
      foldAll([launch(1), ...events.map((event, index) => later(event, index + 1))]).launches[0]?.jobSince?.slice(
        11,
        16,
      );
    expect(since()).toBeUndefined();
    expect(since(submitted(1), job('RUNNABLE'), attempt(1))).toBe('00:01');
    expect(since(job('RUNNABLE'), attempt(1))).toBe('00:01');
    expect(since(submitted(1, 'twin'), job('RUNNABLE', { jobId: 'twin' }), attempt(1))).toBe('00:03');
  });

  it('supersedes what each of several attempts from one place went past', () => {
    const events = [...running, checkpoint(1, 10), metrics(1, 20), attempt(2, 10), checkpoint(2, 20), attempt(3, 10)];
    const { attempts, checkpoints } = foldAll(events);
    expect(checkpoints.map(({ step, attempt: by }) => [step, by])).toEqual([[10, 1]]);
    const kept = [1, 2, 3].map((by) => [10, 20].map((step) => !isSuperseded(attempts, by, step)));
    expect(kept).toEqual([
      [true, false],
      [true, false],
      [true, true],
    ]);
  });

  it('closes the attempts of a launch when the next is asked for', () => {
    const { attempts } = foldAll([...running, launch(2, 'RELAUNCH')]);
    expect(attempts).toMatchObject([{ endedAt: at, endReason: { code: 'HOST_LOST' } }]);
  });

  it('counts a guard’s rewind as no container', () => {
    const rewound = foldAll([
      ...running,
      { ...attempt(2, 0), cause: 'GUARD' } as JournalEvent,
      job('RUNNABLE', { attempts: 1 }),
    ]);
    expect(rewound).toMatchObject({ phase: 'QUEUED', attempts: [{}, { endReason: { code: 'HOST_LOST' } }] });
  });

  it('drops everything when an attempt begins afresh', () => {
    const state = foldAll([...running, checkpoint(1, 0), metrics(1, 10), attempt(2, null)]);
    expect(state.checkpoints).toEqual([]);
    expect(state.step).toBe(0);
  });

  it('closes an attempt that nobody ended when the next begins', () => {
    const state = foldAll([...running, attempt(2)]);
    expect(state.attempts[0]).toMatchObject({ endedAt: at, endReason: { code: 'HOST_LOST' } });
    expect(state.attempts[1]).toMatchObject({ endedAt: null });
  });

  it('keeps a metric that is not a number', () => {
    const state = foldAll([...running, metrics(1, 10, 'NaN')]);
    expect(state.summary['loss/generator']).toMatchObject({ value: 'NaN', step: 10 });
  });

  it('steps over events it does not know', () => {
    const before = foldAll(running);
    expect(fold(before, null, { position: 9, index: 2 })).toEqual({ ...before, cursor: { position: 9, index: 2 } });
  });
});

describe('folding', () => {
  const anyEvent = fc.oneof(
    ...[launch(1), submitted(1), job('STARTING'), job('RUNNABLE', { attempts: 1 }), job('FAILED'), stop].map(
      fc.constant,
    ),
    ...[ended('FAILED'), launch(2, 'RESUME'), retry(1)].map(fc.constant),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.integer({ min: 0, max: 50 }))).map(([n, s]) => attempt(n, s)),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 90 })).map(([n, s]) => metrics(n, s)),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 90 })).map(([n, s]) => checkpoint(n, s)),
  );

  it('from a head that went through storage gives the same as folding from the start', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.nat(40), (events, cut) => {
        const head = foldAll(events.slice(0, cut));
        const stored = JSON.parse(JSON.stringify(head)) as RunState;
        const resumed = foldAll(events.slice(cut), stored, Math.min(cut, events.length) + 1);
        expect(JSON.stringify(resumed)).toBe(JSON.stringify(foldAll(events)));
      }),
    );
  });

  it('never leaves more than one phase open, and its last span is the phase', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const { phase, phases } = foldAll(events);
        expect(phases.filter((span) => span.endedAt === null).length).toBeLessThanOrEqual(1);
        if (phases.length > 0) expect(phases.at(-1)?.phase).toBe(phase);
      }),
    );
  });
});
