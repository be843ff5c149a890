/** Every process of the system with a fault at each of its operations in turn, and what becomes of the run afterwards. */
import { describe, expect, it } from 'vitest';
import { type BatchStateChange, makeStatus } from '../../functions/status.ts';
import type { Ganway } from '../ganway.ts';
import type { JobQueue } from '../storage/ports.ts';
import { deleteRun } from './delete.ts';
import { reconcile } from './reconcile.ts';
import { parseJobName } from './record-job.ts';
import { resumeRun } from './resume.ts';
import type { RunPhase } from './state.ts';
import { stopRun } from './stop.ts';
import { FAULTS, type Fault, faultyProcess } from './testing/faults.ts';
import type { ContainerEnd } from './testing/model-queue.ts';
import {
  type Hearing,
  openSmallWorld,
  type SmallWorld,
  type SmallWorldOptions,
  viewer,
} from './testing/small-world.ts';

interface Scenario {
  readonly world?: SmallWorldOptions;
  /** What has happened before, without a fault. */
  readonly before?: (world: SmallWorld) => Promise<unknown>;
  /** What the process with the fault does. */
  readonly act: (world: SmallWorld, g: Ganway) => Promise<unknown>;
  /** Whether somebody waits for the answer of the act, who asks again where none comes. */
  readonly asked?: true;
  /** How the run ends where the act was done in the end; null where there is none any more. */
  readonly ends: RunPhase | null;
  /** How it may end as well where it broke off and nobody asked again. */
  readonly orElse?: RunPhase | null | readonly (RunPhase | null)[];
}

interface Row {
  readonly fault: Fault;
  readonly nth: number;
  readonly hearing: Hearing;
  readonly again: boolean;
}

/** Plays one row; returns what is wrong in the end, and how many operations the act consisted of. */
async function play({ world: options, before, act, ends, orElse }: Scenario, row: Row) {
  const world = await openSmallWorld(options);
  await before?.(world);
  const faulty = faultyProcess(world.fresh(), row.nth, row.fault);
  const isDone = await act(world, faulty.g).then(
    () => true,
    () => false,
  );
  if (row.again) await act(world, world.fresh());
  const wrong = [...(await world.settle(row.hearing))];
  const [run, ...others] = await world.runs();
  const phase = !run || run.state.deleted ? null : run.state.phase;
  const allowed = [ends, ...(orElse !== undefined && !row.again && !isDone ? [orElse].flat() : [])];
  if (others.length > 0) wrong.push(`there are ${others.length + 1} runs`);
  if (!allowed.includes(phase)) wrong.push(`it ended ${phase} (${run?.state.reason?.code})`);
  const names = world.queue.jobs().map(({ name }) => name);
  if (new Set(names).size < names.length) wrong.push(`one launch has several jobs: ${names}`);
  return { wrong, operations: faulty.operations() };
}

/** Every row of a scenario, by the operations that it has without a fault. */
async function table(scenario: Scenario): Promise<{ readonly rows: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  let rows = 0;
  for (const hearing of ['heard', 'lost'] as const) {
    const whole = await play(scenario, { fault: 'killed', nth: Number.POSITIVE_INFINITY, hearing, again: false });
    wrong.push(...whole.wrong.map((text) => `without a fault, news ${hearing}: ${text}`));
    // What goes on after a fault asks for nothing from the queue's news: one kind is enough where there are none.
    for (const fault of hearing === 'heard' ? FAULTS : (['killed'] as const)) {
      for (const again of scenario.asked ? [false, true] : [false]) {
        for (let nth = 1; nth <= whole.operations; nth += 1) {
          rows += 1;
          const played = await play(scenario, { fault, nth, hearing, again });
          const where = `${fault} at ${nth} of ${whole.operations}, news ${hearing}, ${again ? '' : 'not '}asked again`;
          wrong.push(...played.wrong.map((text) => `${where}: ${text}`));
        }
      }
    }
  }
  return { rows, wrong };
}

const launch = (world: SmallWorld, g?: Ganway) => world.launch(g);
const idOf = async (world: SmallWorld) => (await world.run()).file.runId;
/** A launch whose submission is answered by nobody: it never came, or its answer got lost. */
const launchUnanswered = (came: boolean) => async (world: SmallWorld) => {
  const g = world.fresh();
  const submit: JobQueue['submit'] = async (request) => {
    if (came) await g.queue.submit(request);
    throw new Error('no answer');
  };
  await world.launch({ ...g, queue: { ...g.queue, submit } });
};
const launchKilledAt = (nth: number) => (world: SmallWorld) =>
  expect(world.launch(faultyProcess(world.fresh(), nth, 'killed').g)).rejects.toThrow('killed');
const stop = async (world: SmallWorld, g: Ganway = world.fresh()) => stopRun(g, viewer, await idOf(world));
/** A whole life of a run. */
const launchToEnd = async (world: SmallWorld) => {
  await world.launch();
  expect(await world.settle('heard')).toEqual([]);
};
/** A life of which nobody but the trainer has told. */
const liveUnheard = async (world: SmallWorld) => {
  await world.launch();
  await world.work();
};

/** The launch whose every container ends so. */
const firstLaunch = (end: ContainerEnd): SmallWorldOptions => ({
  endOf: ({ launch: number }) => (number === 1 ? end : null),
});
const crashing = firstLaunch({ kind: 'exit', code: 70 });
const reclaimed = firstLaunch({ kind: 'hostLost' });
const reclaimedOnce: SmallWorldOptions = { endOf: ({ start }) => (start === 1 ? { kind: 'hostLost' } : null) };

/** Whose turn it is to act while the run trains; scenarios are played one after the other. */
let whileTraining: ((runId: string) => Promise<unknown>) | null = null;

const GATEWAY: Record<string, Scenario> = {
  'at a launch': { act: launch, asked: true, ends: 'SUCCEEDED', orElse: null },
  'at a launch that the queue refuses, which it does once': {
    act: (world, g) => {
      const submit = () => Promise.reject(Object.assign(new Error('no such definition'), { code: 'REJECTED' }));
      return world.launch({ ...g, queue: { ...g.queue, submit } });
    },
    ends: 'FAILED',
    orElse: ['SUCCEEDED', null],
  },
  'at a stop before a container began': {
    before: launch,
    act: stop,
    asked: true,
    ends: 'STOPPED',
    orElse: 'SUCCEEDED',
  },
  'at a stop before the job was submitted': {
    before: launchUnanswered(false),
    act: stop,
    asked: true,
    ends: 'STOPPED',
    orElse: 'SUCCEEDED',
  },
  'at a stop while it trains': {
    world: {
      onTraining: async ({ name }) => {
        await whileTraining?.(parseJobName(name)?.runId ?? '');
      },
    },
    before: launch,
    act: async (world, g) => {
      let failure: unknown;
      whileTraining = (runId) =>
        stopRun(g, viewer, runId).catch((error) => {
          failure = error;
        });
      await world.work();
      whileTraining = null;
      if (failure) throw failure;
    },
    ends: 'STOPPED',
    orElse: 'SUCCEEDED',
  },
  'at a resume': {
    world: crashing,
    before: launchToEnd,
    act: async (world, g) => resumeRun(g, viewer, await idOf(world)),
    asked: true,
    ends: 'SUCCEEDED',
    orElse: 'FAILED',
  },
  'at a deletion': {
    before: launchToEnd,
    act: async (world, g) => {
      const [run] = await world.runs();
      if (run) await deleteRun(g, viewer, run.file.runId);
    },
    asked: true,
    ends: null,
    orElse: 'SUCCEEDED',
  },
};

const newsOf = new WeakMap<SmallWorld, BatchStateChange[]>();
/** All news so far, told by one process; asked again it is all told again, as what is delivered at least once may be. */
const tell = async (world: SmallWorld, g: Ganway) => {
  const news = newsOf.get(world) ?? world.queue.takeNews();
  newsOf.set(world, news);
  const results: PromiseSettledResult<void>[] = [];
  for (const event of news) results.push(...(await Promise.allSettled([makeStatus(g)(event)])));
  if (results.some(({ status }) => status === 'rejected')) throw new Error('not all news was taken');
};

const STATUS: Record<string, Scenario> = {
  'on hearing of a whole life': { before: liveUnheard, act: tell, asked: true, ends: 'SUCCEEDED' },
  'on hearing of a host that went away': {
    world: reclaimedOnce,
    before: liveUnheard,
    act: tell,
    asked: true,
    ends: 'SUCCEEDED',
  },
  'on hearing of a crash': { world: crashing, before: liveUnheard, act: tell, asked: true, ends: 'FAILED' },
  'on hearing that spot losses have used up all attempts': {
    world: reclaimed,
    before: liveUnheard,
    act: tell,
    asked: true,
    ends: 'SUCCEEDED',
  },
};

/** Some minutes of a schedule, without a container in between. */
const reconciled = async (world: SmallWorld, g: Ganway) => {
  for (let round = 0; round < 3; round += 1) {
    world.advance(61_000);
    const { failures } = await reconcile(g, 'lab');
    if (failures.length > 0) throw new AggregateError(failures, 'reconcile failed');
  }
};

const RECONCILE: Record<string, Scenario> = {
  'over a submission that never came': { before: launchUnanswered(false), act: reconciled, ends: 'SUCCEEDED' },
  'over a submission whose answer got lost': { before: launchUnanswered(true), act: reconciled, ends: 'SUCCEEDED' },
  'over a launch that broke off behind its marker': { before: launchKilledAt(3), act: reconciled, ends: 'SUCCEEDED' },
  'over a launch that broke off before its first event': {
    before: launchKilledAt(5),
    act: reconciled,
    ends: 'SUCCEEDED',
  },
  'over an end that nobody told': { before: liveUnheard, act: reconciled, ends: 'SUCCEEDED' },
  'over a crash that nobody told': { world: crashing, before: liveUnheard, act: reconciled, ends: 'FAILED' },
  'over a job that has vanished': {
    before: async (world) => {
      const run = await world.launch();
      world.queue.forget(run.state.launches[0]?.jobId ?? '');
    },
    act: reconciled,
    ends: 'FAILED',
  },
  'over attempts that spot losses have used up': {
    world: reclaimed,
    before: liveUnheard,
    act: reconciled,
    ends: 'SUCCEEDED',
  },
  'over a stop that came before the job': {
    before: async (world) => {
      await launchUnanswered(false)(world);
      await stop(world);
    },
    act: reconciled,
    ends: 'STOPPED',
  },
  'over a deleted run': {
    before: async (world) => {
      await launchToEnd(world);
      await deleteRun(world.fresh(), viewer, await idOf(world));
    },
    act: reconciled,
    ends: null,
  },
};

/** The fault is in the first container of the run. */
let inFirstContainer: Ganway | null = null;
const firstContainer: SmallWorldOptions = {
  processOf: ({ launch: number, start }) => (number === 1 && start === 1 ? inFirstContainer : null),
};
const workWith = async (world: SmallWorld, g: Ganway) => {
  inFirstContainer = g;
  await world.work();
  inFirstContainer = null;
};

const SUPERVISOR: Record<string, Scenario> = {
  'in its life': { world: firstContainer, before: launch, act: workWith, ends: 'SUCCEEDED' },
  'in a life before which nobody heard of its submission': {
    world: firstContainer,
    before: launchUnanswered(true),
    act: workWith,
    ends: 'SUCCEEDED',
  },
};

describe.each(Object.entries({ gateway: GATEWAY, status: STATUS, reconcile: RECONCILE, supervisor: SUPERVISOR }))(
  'a fault of the %s, at any of its operations,',
  (_, scenarios) => {
    it.each(Object.entries(scenarios))('%s, leaves nothing that is not repaired', async (_name, scenario) => {
      const { rows, wrong } = await table(scenario);
      expect(wrong).toEqual([]);
      expect(rows).toBeGreaterThan(3);
    });
  },
);
