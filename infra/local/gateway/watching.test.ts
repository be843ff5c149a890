import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { deliver } from '../../../graph/live/deliver.ts';
import { deliverOpen } from '../../../graph/live/open.ts';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import { openS3Store } from '../../clients/s3-store.ts';
import { settled, watch } from './testing/collect.ts';
import { type Batch, type Rig, startRig } from './testing/rig.ts';
import { ended, heartbeat, metrics } from './testing/runs.ts';

let rig: Rig;
afterEach(() => rig.close());

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Every batch continues where the one before it ended. */
function expectUnbroken(batches: readonly Batch[]) {
  expect(batches.slice(1).map(({ since }) => since)).toEqual(batches.slice(0, -1).map(({ cursor }) => cursor));
}

const s3 = inject('s3');
const stores: [string, () => ObjectStore | undefined][] = [
  ['the embedded store', () => undefined],
  ...(s3 ? [['MinIO', () => openS3Store({ ...s3, prefix: `${randomUUID()}/` })] as [string, () => ObjectStore]] : []),
];

describe.each(stores)('watching a run in %s', (_name, open) => {
  it('shows the same, in order and without gaps, to who came before, while and after it ran', async () => {
    const store = open();
    rig = await startRig(store ? { store } : {});
    const run = await rig.newRun();
    const others = [rig.another(), rig.another()];
    const before = watch(rig.client(), run);
    await before.until((batches) => batches.length > 0);
    // Writers side by side; of one position only one wins, so the steps themselves are not in order.
    const writers = [0, 1, 2].map(async (writer) => {
      for (let index = 1; index <= 20; index++) {
        await rig.say(run, metrics(writer * 1000 + index), metrics(writer * 1000 + 500 + index));
        await Promise.all(others.map((live) => deliver(live, run)));
      }
    });
    const during = watch(rig.client(), run);
    await Promise.all(writers);
    await rig.say(run, ended);
    await Promise.all([rig.live, ...others].map((live) => deliver(live, run)));
    await Promise.all([before.completed, during.completed]);
    const after = watch(rig.client(), run);
    await after.completed;

    const events = (batches: readonly Batch[]) => batches.flatMap((batch) => batch.events);
    expect(new Set(before.steps()).size).toBe(120);
    expect(before.steps()).toHaveLength(120);
    expect(events(during.batches)).toEqual(events(before.batches));
    expect(events(after.batches)).toEqual(events(before.batches));
    for (const { batches } of [before, during, after]) expectUnbroken(batches);
    expect(rig.warnings).toEqual([]);
  });
});

describe('watching a run', () => {
  it('executes once for all who ask the same', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    const watchers = Array.from({ length: 8 }, () => watch(rig.client(), run));
    await Promise.all(watchers.map((watcher) => watcher.until((batches) => batches.length > 0)));
    let executions = 0;
    const counting = {
      ...rig.another(),
      operations: {
        ...rig.live.operations,
        executeBatch: (...args: Parameters<typeof rig.live.operations.executeBatch>) => {
          executions += 1;
          return rig.live.operations.executeBatch(...args);
        },
      },
    };
    await settled(rig.live, run);
    executions = 0;
    await rig.say(run, metrics(1));
    await deliver(counting, run);
    await Promise.all(watchers.map((watcher) => watcher.until(() => watcher.steps().length === 1)));
    expect(executions).toBe(1);
  });

  it('continues from a cursor exactly, from wherever it was taken', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    for (const step of upTo(5)) await rig.say(run, metrics(step * 2 - 1), metrics(step * 2));
    await rig.say(run, ended);
    const whole = watch(rig.client(), run);
    await whole.completed;
    const events = whole.batches.flatMap((batch) => batch.events);
    for (const [index, { cursor }] of events.entries()) {
      if (cursor === undefined) throw new Error('an event without a cursor');
      const rest = watch(rig.client(), run, { after: cursor });
      await rest.completed;
      expect(rest.batches.flatMap((batch) => batch.events)).toEqual(events.slice(index + 1));
    }
  });

  it('says nothing about events that are not for readers, and leaves no gap around them', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    const watching = watch(rig.client(), run);
    await watching.until((batches) => batches.length === 1);
    for (const step of upTo(3)) {
      await settled(rig.live, run);
      await rig.say(run, heartbeat);
      await deliver(rig.live, run);
      await rig.say(run, metrics(step));
      await deliver(rig.live, run);
      await watching.until(() => watching.steps().length === step);
    }
    expect(watching.batches).toHaveLength(4);
    expectUnbroken(watching.batches);
  });

  it('cuts what does not fit into one message, in order and with true cursors', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    for (const step of upTo(6)) await rig.say(run, metrics(step, 700));
    await rig.say(run, ended);
    const query = `subscription ($run: ID!, $after: String) { runEvents(runId: $run, after: $after) {
      since cursor hasMore events { __typename ... on MetricsLogged { cursor step values { name step value at } } } } }`;
    const watching = watch(rig.client(), run, { query });
    await watching.completed;
    expect(watching.steps()).toEqual(upTo(6));
    expect(watching.batches.length).toBeGreaterThan(2);
    expectUnbroken(watching.batches);
    expect(watching.batches.map(({ hasMore }) => hasMore)).toEqual([
      ...watching.batches.slice(1).map(() => true),
      false,
    ]);
    const sizes = watching.batches.map((batch) => Buffer.byteLength(JSON.stringify(batch)));
    expect(Math.max(...sizes)).toBeLessThan(120_000);
  });

  it('ends with a clear error where one event alone is too large, and polling still has it', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    await rig.say(run, metrics(1, 3000));
    const query = `subscription ($run: ID!) { runEvents(runId: $run) {
      cursor events { __typename ... on MetricsLogged { values { name step value at } } } } }`;
    const watching = watch(rig.client(), run, { query });
    await expect(watching.completed).rejects.toMatchObject([{ message: expect.stringContaining('does not fit') }]);
  });

  it('needs no hints: the slow timer finds what was lost', async () => {
    rig = await startRig();
    const runs = [await rig.newRun(), await rig.newRun()];
    const watchers = runs.map((run) => watch(rig.client(), run));
    await Promise.all(watchers.map((watcher) => watcher.until((batches) => batches.length > 0)));
    for (const run of runs) await rig.say(run, metrics(1), ended);
    const other = rig.another();
    await expect
      .poll(async () => {
        await deliverOpen(other);
        return watchers.map((watcher) => watcher.steps());
      })
      .toEqual([[1], [1]]);
    await Promise.all(watchers.map((watcher) => watcher.completed));
  });
});
