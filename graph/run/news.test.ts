/** The queue's news of a job, late, doubled, lost and in any order among what the trainer itself says. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newRun } from '../../infra/local/gateway/testing/runs.ts';
import type { JournalEvent } from './events.ts';
import { append } from './journal.ts';
import { loadAnyRun } from './load.ts';
import { type JobFact, recordJob } from './record-job.ts';
import type { RunPhase, RunState } from './state.ts';
import { attemptStarted, runEnded, trainingStarted } from './testing/bench.ts';
import { openSmallWorld, type SmallWorld } from './testing/small-world.ts';

type Fact = Pick<JobFact, 'status' | 'attempts' | 'statusReason' | 'exitCode'>;
/** What happens, in its order. The trainer says its part at once; the queue's part is told at any time after. */
type Happening =
  | { readonly by: 'queue'; readonly fact: Fact }
  | { readonly by: 'trainer'; readonly event: JournalEvent };

const JOB = 'job-1';
const queue = (status: Fact['status'], attempts: number, more: Partial<Fact> = {}): Happening => ({
  by: 'queue',
  fact: { status, attempts, ...more },
});
const trainer = (event: JournalEvent): Happening => ({ by: 'trainer', event });
const hostLost = { statusReason: 'Host EC2 (instance i-0) terminated.' };
const first = [trainer(attemptStarted(1, JOB, { container: 1 })), trainer(trainingStarted(1))];
const second = [
  trainer(attemptStarted(2, JOB, { container: 2, cause: 'RETRY', resumedFromStep: null })),
  trainer(trainingStarted(2)),
];

const CRASH: readonly Happening[] = [
  ...[queue('RUNNABLE', 0), queue('RUNNING', 0), ...first],
  queue('FAILED', 1, { exitCode: 139 }),
];
const LOSS: readonly Happening[] = [
  ...[queue('RUNNING', 0), ...first, queue('RUNNABLE', 1, hostLost), queue('RUNNING', 1), ...second],
  ...[trainer(runEnded('SUCCEEDED')), queue('SUCCEEDED', 2)],
];
const STOP: readonly Happening[] = [
  ...[queue('RUNNABLE', 0), queue('STARTING', 0), queue('RUNNING', 0), ...first],
  trainer({
    type: 'STOP_REQUESTED',
    at: '2026-01-01T00:00:01.000Z',
    by: 'ada',
    reason: { code: 'STOPPED_BY_USER', message: '' },
  }),
  trainer(runEnded('STOPPED')),
  queue('SUCCEEDED', 1),
];

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});

/** Every order in which a life can be heard of: the trainer's part as it is, and nothing before it has happened. */
function* orders(life: readonly Happening[], told: readonly Happening[] = []): Generator<readonly Happening[]> {
  const left = life.filter((happening) => !told.includes(happening));
  if (left.length === 0) yield told;
  const [next] = left.filter(({ by }) => by === 'trainer');
  const mayBeTold = left.slice(0, next === undefined ? left.length : left.indexOf(next) + 1);
  for (const happening of mayBeTold) yield* orders(life, [...told, happening]);
}

/** Plays what is told into a run of its own; returns its state after each word. */
async function play(told: readonly Happening[]): Promise<readonly RunState[]> {
  const { g } = world;
  const runId = await newRun(g);
  await append(g, runId, () => [{ type: 'JOB_SUBMITTED', at: '2026-01-01T00:00:00.000Z', launch: 1, jobId: JOB }]);
  const states: RunState[] = [];
  for (const happening of told) {
    if (happening.by === 'trainer') await append(g, runId, () => [happening.event]);
    else await recordJob(g, { runId, launch: 1, jobId: JOB, ...happening.fact });
    const run = await loadAnyRun(g.store, runId);
    if (run) states.push(run.state);
  }
  return states;
}

/** What two tellings of one life have to agree on in the end. */
const outcome = (states: readonly RunState[]) => {
  const { phase, reason, launches, attempts } = states.at(-1) ?? { attempts: [] };
  return {
    ...{ phase, reason, launches },
    attempts: attempts.map(({ number, endedAt, endReason }) => [number, endedAt !== null, endReason?.code]),
  };
};

/** Phases that were passed through after the nth training began, and before the run ended. */
function phasesAfterTraining(told: readonly Happening[], states: readonly RunState[], attempt: number): Set<RunPhase> {
  const isStart = (happening: Happening) =>
    happening.by === 'trainer' && happening.event.type === 'TRAINING_STARTED' && happening.event.attempt === attempt;
  const isEnd = (happening: Happening) =>
    (happening.by === 'trainer' && ['RUN_ENDED', 'STOP_REQUESTED'].includes(happening.event.type)) ||
    (happening.by === 'queue' && happening.fact.status === 'FAILED');
  const end = told.findIndex(isEnd);
  return new Set(states.slice(told.findIndex(isStart), end).map(({ phase }) => phase));
}

describe.each([
  ['a crash', CRASH, 1],
  ['a lost host', LOSS, 2],
  ['a stop', STOP, 1],
] as const)('the news of %s', (_, life, newest) => {
  it('comes to the same in every order, and never disturbs the newest attempt', async () => {
    const expected = outcome(await play(life));
    let tellings = 0;
    for (const told of orders(life)) {
      const states = await play(told);
      const words = told.map((word) => (word.by === 'queue' ? `${word.fact.status}${word.fact.attempts}` : '·'));
      expect([words, outcome(states)]).toEqual([words, expected]);
      expect([words, ...phasesAfterTraining(told, states, newest)]).toEqual([words, 'RUNNING']);
      tellings += 1;
    }
    expect(tellings).toBeGreaterThan(5);
  });

  it('comes to the same where any of it is lost, doubled and late, once the queue is asked', async () => {
    const expected = outcome(await play(life));
    const news = life.filter(({ by }) => by === 'queue');
    const last = news.at(-1);
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: news.length, maxLength: news.length });
    const delays = fc.array(fc.integer({ min: 0, max: life.length }), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(times, delays, async (counts, late) => {
        let draw = 0;
        const placed = life.flatMap((happening, index) => {
          const count = happening.by === 'queue' ? (counts[news.indexOf(happening)] ?? 0) : 1;
          const delay = () => (happening.by === 'queue' ? (late[draw++ % late.length] ?? 0) : 0);
          return Array.from({ length: count }, () => ({ happening, at: index + delay() }));
        });
        const told = placed.toSorted((a, b) => a.at - b.at).map(({ happening }) => happening);
        // Reconcile asks the queue, and asks again.
        const states = await play([...told, ...(last ? [last, last] : [])]);
        expect(outcome(states)).toEqual(expected);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
