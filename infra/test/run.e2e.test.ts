import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeHomes, type Stack, startStack } from './stack.ts';
import { launchAndWatch, resumeRun, SMALL, sendLaunch, stopRun } from './training.ts';
import { exactRows, type SeenEvent, watchRun } from './watch-run.ts';

/** Small enough for seconds a run, long enough to be interrupted. */
const TRAINING = { ...SMALL, kimg: 9.6, snapshots: { ...SMALL.snapshots, sampleSteps: 100 } };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

const lastSheet = (events: readonly SeenEvent[]) => events.findLast((event) => event.sheet)?.sheet;
const isMetrics = (event: SeenEvent) => event.__typename === 'MetricsLogged';
const sealed = (step: number) => (event: SeenEvent) => (event.checkpoint?.step ?? -1) >= step;

let undisturbed: readonly SeenEvent[];

describe('a run', () => {
  it('is seen live from its launch to its end, in order, with sheets that are real pictures', async () => {
    undisturbed = await (await launchAndWatch(stack, TRAINING)).watcher.ended;
    const phases = undisturbed.filter((event) => event.phase).map((event) => event.phase);
    expect(phases).toEqual(['QUEUED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(undisturbed.filter(isMetrics).map((event) => event.step)).toEqual(
      Array.from({ length: 60 }, (_, i) => 10 * (i + 1)),
    );
    expect(undisturbed.flatMap((event) => event.checkpoint?.step ?? [])).toEqual(expect.arrayContaining([0, 50, 600]));
    const sheet = lastSheet(undisturbed);
    expect(sheet?.step).toBe(600);
    const png = Buffer.from(await (await fetch(sheet?.url ?? '')).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const { createHash } = await import('node:crypto');
    expect(createHash('sha256').update(png).digest('hex')).toBe(sheet?.sha256);
  }, 240_000);

  it('is the same to every reader: from any cursor, over a socket or by polling', async () => {
    const { runs } = await stack.graphql<{ runs: { edges: { node: { id: string } }[] } }>(
      `{ runs(first: 1) { edges { node { id } } } }`,
    );
    const runId = runs.edges[0]?.node.id ?? '';
    for (const index of [0, 7, undisturbed.length - 2]) {
      const after = undisturbed[index]?.cursor ?? null;
      const rest = await watchRun(stack.ready.graphql, runId, after).ended;
      expect(rest.map((event) => event.cursor)).toEqual(undisturbed.slice(index + 1).map((event) => event.cursor));
    }
    const polled: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: { run: { events: { cursor: string; hasMore: boolean; events: { cursor: string }[] } } } =
        await stack.graphql(
          `query ($id: ID!, $after: String) { run(id: $id) { events(first: 10, after: $after) { cursor hasMore events { ... on JournalEvent { cursor } } } } }`,
          { id: runId, after },
        );
      polled.push(...page.run.events.events.map((event) => event.cursor));
      after = page.run.events.cursor;
      more = page.run.events.hasMore;
    }
    expect(polled).toEqual(undisturbed.map((event) => event.cursor));
  }, 60_000);

  it('whose trainer is killed twice ends with the rows and the last sheet of an undisturbed one', async () => {
    const { watcher } = await launchAndWatch(stack, TRAINING);
    for (const [step, attempt] of [
      [60, 1],
      [160, 2],
    ] as const) {
      await watcher.until((event) => event.attemptNumber === attempt && isMetrics(event) && (event.step ?? 0) > step);
      const pids = stack.pidsOf('batch/trainer/main');
      expect(pids.length).toBeGreaterThan(0);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    }
    const events = await watcher.ended;
    expect(events.filter((event) => event.attempt).map((event) => event.attempt?.number)).toEqual([1, 2, 3]);
    expect(events.at(-1)?.phase).toBe('SUCCEEDED');
    expect(exactRows(events)).toEqual(exactRows(undisturbed));
    expect(lastSheet(events)?.sha256).toBe(lastSheet(undisturbed)?.sha256);
  }, 240_000);

  it('loses nothing when the object store is killed under it', async () => {
    const { watcher } = await launchAndWatch(stack, TRAINING);
    await watcher.until((event) => (event.step ?? 0) >= 30);
    for (const pid of stack.pidsOf('minio server')) process.kill(pid, 'SIGKILL');
    const events = await watcher.ended;
    expect(events.at(-1)?.phase).toBe('SUCCEEDED');
    expect(exactRows(events)).toEqual(exactRows(undisturbed));
    expect(events.filter((event) => event.attempt)).toHaveLength(1);
  }, 240_000);

  it('stops through a checkpoint and continues from it as the same run', async () => {
    const { runId, watcher: first } = await launchAndWatch(stack, TRAINING);
    await first.until((event) => (event.step ?? 0) >= 45);
    await stopRun(stack, runId);
    const stopped = await first.ended;
    expect(stopped.at(-1)?.phase).toBe('STOPPED');
    const at = stopped.findLast((event) => event.checkpoint)?.checkpoint?.step ?? -1;
    expect(at).toBeGreaterThanOrEqual(45);
    expect(await resumeRun(stack, runId)).toBe('LaunchTrainingSuccess');
    const events = [...stopped, ...(await watchRun(stack.ready.graphql, runId, stopped.at(-1)?.cursor ?? null).ended)];
    expect(events.findLast((event) => event.attempt)?.attempt).toMatchObject({ resumedFromStep: at, exact: true });
    expect(exactRows(events)).toEqual(exactRows(undisturbed));
    expect(lastSheet(events)?.sha256).toBe(lastSheet(undisturbed)?.sha256);
    expect(await resumeRun(stack, runId)).toBe('InvalidState');
  }, 240_000);

  it('continues where it was when the whole stack ends and starts again', async () => {
    const { runId, watcher: before } = await launchAndWatch(stack, { ...TRAINING, name: 'over a restart' });
    await before.until(sealed(50));
    expect(await stack.stop()).toBe(0);
    await before.close();
    expect(stack.pidsOf('').filter((pid) => pid !== process.pid)).toEqual([]);
    stack = await startStack({ home: stack.home });
    const events = await watchRun(stack.ready.graphql, runId).ended;
    expect(events.at(-1)?.phase).toBe('SUCCEEDED');
    expect(events.filter((event) => event.attempt).length).toBe(2);
    expect(exactRows(events)).toEqual(exactRows(undisturbed));
  }, 240_000);
});

describe('a launch', () => {
  it('of one key is one run and one job, however often it is sent at once', async () => {
    const send = (kimg: number) => sendLaunch(stack, { ...TRAINING, kimg }, 'fifty');
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(0.1)));
    const ids = new Set(answers.map(({ run }) => run?.id));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const [runId = ''] = ids;
    const { openBatchQueue } = await import('../clients/batch-queue.ts');
    const { endpoint, region, ...credentials } = stack.ready.queue;
    const queue = openBatchQueue({
      endpoint,
      region,
      credentials,
      jobQueues: { training: 'ganway', tasks: 'ganway-tasks' },
      jobDefinition: 'ganway-trainer',
    });
    expect(await queue.findByName(`${runId}-1`)).toHaveLength(1);
    expect(await send(0.2)).toMatchObject({ __typename: 'IdempotencyConflict', run: { id: runId } });
  }, 60_000);

  it('with bad input says everything that is wrong and starts nothing', async () => {
    const count = async () =>
      (await stack.graphql<{ runs: { edges: unknown[] } }>(`{ runs(first: 100) { edges { node { id } } } }`)).runs.edges
        .length;
    const before = await count();
    const training = { preset: 'artcle-dcgan', dataset: 'digit', kimg: -1, batchSize: 1, limits: { maxRuntime: 1 } };
    const { issues } = await sendLaunch(stack, training);
    expect(issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([
      'training.preset UNKNOWN_PRESET',
      'training.dataset UNKNOWN_DATASET',
      'training.kimg OUT_OF_RANGE',
      'training.batchSize OUT_OF_RANGE',
      'training.limits.maxRuntime OUT_OF_RANGE',
    ]);
    expect(await count()).toBe(before);
  }, 60_000);
});
