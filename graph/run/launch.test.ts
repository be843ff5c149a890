import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { deleteRun, sweepDeleted } from './delete.ts';
import type { LaunchOutcome } from './launch.ts';
import { launchTraining } from './launch.ts';
import { listRuns } from './list.ts';
import type { Snapshot } from './load.ts';
import { openRunIds } from './open-runs.ts';
import { reconcile } from './reconcile.ts';
import { readSegments } from './segments.ts';
import { stopRun } from './stop.ts';
import { type Bench, openBench, runEnded, stores } from './testing/bench.ts';
import { breakingStore } from './testing/breaking.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganway-launch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MINUTE = 60_000;

function runOf(outcome: LaunchOutcome): Snapshot {
  if (outcome.kind !== 'launched') throw new Error(JSON.stringify(outcome));
  return outcome.run;
}

describe.each(Object.entries(stores(inject('s3'), folder)))('a launch into %s', (_, open) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ store: open() });
  });
  afterAll(() => bench.close());

  const training = { dataset: 'digits', kimg: 3.2 };
  const jobsOf = (runId: string) => bench.jobNames().filter((name) => name.startsWith(runId));
  /** What the run says of itself, without the queue's news. */
  const eventsOf = async (runId: string) => {
    const { segments } = await readSegments(open(), runId, 1);
    const events = segments.flatMap((segment) => segment.events);
    return events.map((event) => event?.type).filter((type) => type !== 'JOB_STATE');
  };
  /** Keeps what it has read, so that looking again is quick. */
  const reader = open();
  const allRuns = async () => {
    const { viewer, projectId } = bench;
    return (await listRuns({ store: reader }, viewer, { projectId, first: 1000, after: null })).runs;
  };

  it('is one run and one job, of fifty that come at once with one key', async () => {
    const before = (await allRuns()).length;
    // Each from a process of its own.
    const launches = await Promise.all(
      Array.from({ length: 50 }, () =>
        launchTraining({ ...bench.g, store: open() }, bench.viewer, { idempotencyKey: 'fifty', training }),
      ),
    );
    const ids = new Set(launches.map((outcome) => runOf(outcome).file.runId));
    expect(ids.size).toBe(1);
    const [runId = ''] = ids;
    expect(launches.filter((outcome) => outcome.kind === 'launched' && !outcome.replayed)).toHaveLength(1);
    expect(jobsOf(runId)).toEqual([`${runId}-1`]);
    expect(await eventsOf(runId)).toEqual(['LAUNCH_REQUESTED', 'JOB_SUBMITTED']);
    expect(await allRuns()).toHaveLength(before + 1);
  });

  it('is a conflict under a key that stands for something else, and says for which run', async () => {
    const { file } = runOf(await bench.launch('key', 3.2));
    expect(await bench.launch('key', 6.4)).toMatchObject({ kind: 'conflict', run: { file: { runId: file.runId } } });
    expect(await bench.launch('key', 3.2)).toMatchObject({ kind: 'launched', replayed: true });
    expect(jobsOf(file.runId)).toHaveLength(1);
    const other = { ...bench.viewer, id: 'another' };
    const own = await launchTraining(bench.g, other, { idempotencyKey: 'key', training });
    expect(runOf(own).file.runId).not.toBe(file.runId);
  });

  it.each(['undone', 'lost'] as const)(
    'comes to one complete run after a crash at any of its writes (%s)',
    async (kind) => {
      let unbroken = false;
      for (let nth = 1; !unbroken; nth += 1) {
        const key = randomUUID();
        const before = new Set((await allRuns()).map(({ file }) => file.runId));
        const breaking = breakingStore(open(), nth, kind);
        const input = { idempotencyKey: key, training };
        const broken = launchTraining({ ...bench.g, store: breaking.store }, bench.viewer, input);
        unbroken = await broken.then(
          () => true,
          () => false,
        );
        expect(unbroken).toBe(breaking.writes() < nth);
        const again = runOf(await launchTraining({ ...bench.g, store: open() }, bench.viewer, input));
        const { runId } = again.file;
        expect((await allRuns()).filter(({ file }) => !before.has(file.runId))).toHaveLength(1);
        expect(await openRunIds({ store: open() }, bench.projectId)).toContain(runId);
        bench.advance(2 * MINUTE);
        await reconcile({ ...bench.g, store: open() }, bench.projectId);
        expect([nth, jobsOf(runId)]).toEqual([nth, [`${runId}-1`]]);
        expect([nth, await eventsOf(runId)]).toEqual([nth, ['LAUNCH_REQUESTED', 'JOB_SUBMITTED']]);
        if (unbroken) expect(nth).toBeGreaterThan(7);
      }
    },
  );

  it('is finished by reconcile where it broke off after its spec and nobody sent it again', async () => {
    const before = new Set((await allRuns()).map(({ file }) => file.runId));
    const breaking = breakingStore(open(), 5, 'undone');
    const input = { idempotencyKey: randomUUID(), training };
    await expect(launchTraining({ ...bench.g, store: breaking.store }, bench.viewer, input)).rejects.toThrow('dead');
    const [run] = (await allRuns()).filter(({ file }) => !before.has(file.runId));
    const runId = run?.file.runId ?? '';
    expect(await eventsOf(runId)).toEqual([]);
    await reconcile(bench.g, bench.projectId);
    expect(await eventsOf(runId)).toEqual([]);
    bench.advance(2 * MINUTE);
    await reconcile(bench.g, bench.projectId);
    expect(jobsOf(runId)).toEqual([`${runId}-1`]);
  });

  it('stays stopped where it broke off before its first event and was stopped then', async () => {
    const before = new Set((await allRuns()).map(({ file }) => file.runId));
    const input = { idempotencyKey: randomUUID(), training };
    const breaking = breakingStore(open(), 5, 'undone');
    await expect(launchTraining({ ...bench.g, store: breaking.store }, bench.viewer, input)).rejects.toThrow('dead');
    const [run] = (await allRuns()).filter(({ file }) => !before.has(file.runId));
    const runId = run?.file.runId ?? '';
    await stopRun(bench.g, bench.viewer, runId);
    expect(runOf(await launchTraining(bench.g, bench.viewer, input)).state.phase).toBe('STOPPED');
    expect(jobsOf(runId)).toEqual([]);
  });

  it('uses up its key for good, also when its run is deleted and swept', async () => {
    const { runId } = runOf(await bench.launch('once')).file;
    await bench.say(runId, runEnded('STOPPED'));
    const used = { kind: 'invalid', issues: [{ path: ['idempotencyKey'], code: 'KEY_USED_BY_DELETED_RUN' }] };
    await deleteRun(bench.g, bench.viewer, runId);
    expect(await bench.launch('once')).toMatchObject(used);
    await sweepDeleted(bench.g, bench.projectId);
    expect(await bench.launch('once')).toMatchObject(used);
    expect(
      await launchTraining({ ...bench.g, store: open() }, bench.viewer, { idempotencyKey: 'once', training }),
    ).toMatchObject(used);
    expect(jobsOf(runId)).toHaveLength(1);
  });

  it('asks for a usable key', async () => {
    expect(await bench.launch('')).toMatchObject({ kind: 'invalid', issues: [{ code: 'REQUIRED' }] });
    expect(await bench.launch('k'.repeat(201))).toMatchObject({ kind: 'invalid', issues: [{ code: 'TOO_LONG' }] });
    expect(await bench.launch('k'.repeat(200))).toMatchObject({ kind: 'launched' });
  });
});

describe('a submission', () => {
  const open = async (options: Parameters<typeof openBench>[0] = {}) => {
    const bench = await openBench(options);
    onTestFinished(() => bench.close());
    return bench;
  };

  it('that never left is made by one of two reconciles', async () => {
    const bench = await open();
    const silent = { ...bench.g, queue: { ...bench.g.queue, submit: () => Promise.reject(new Error('no answer')) } };
    const launched = await launchTraining(silent, bench.viewer, {
      idempotencyKey: 'k',
      training: { dataset: 'digits' },
    });
    const { runId } = runOf(launched).file;
    bench.advance(61_000);
    // Neither goes on before both have seen the expired claim.
    let seen = 0;
    let both = () => {};
    const bothSaw = new Promise<void>((resolve) => {
      both = resolve;
    });
    const store: ObjectStore = {
      ...bench.g.store,
      get: async (key, ...rest) => {
        const object = await bench.g.store.get(key, ...rest);
        if (key === keys.launch(runId, 1)) {
          seen += 1;
          if (seen === 2) both();
          await bothSaw;
        }
        return object;
      },
    };
    const round = () => reconcile({ ...bench.g, store }, bench.projectId);
    expect(await Promise.all([round(), round()])).toEqual([{ failures: [] }, { failures: [] }]);
    expect(seen).toBe(2);
    expect(bench.jobNames()).toEqual([`${runId}-1`]);
  });

  it('that the queue refuses ends the run with the words of the queue', async () => {
    const bench = await open();
    const { submit } = bench.g.queue;
    // More attempts than the service allows.
    const queue = {
      ...bench.g.queue,
      submit: (request: Parameters<typeof submit>[0]) => submit({ ...request, attempts: 99 }),
    };
    const refused = await launchTraining({ ...bench.g, queue }, bench.viewer, {
      idempotencyKey: 'k',
      training: { dataset: 'digits' },
    });
    const { state, file } = runOf(refused);
    expect(state).toMatchObject({ phase: 'FAILED', reason: { code: 'SUBMIT_FAILED' } });
    expect(state.reason?.message).toMatch(/^The queue did not accept the job: .*attempts.*\.$/);
    expect(bench.jobNames()).toEqual([]);
    await reconcile(bench.g, bench.projectId);
    expect(await bench.g.store.head(keys.open(file.runId))).toBeNull();
  });

  it('is not made beyond the quota; runs that have ended do not count, whether or not their markers are gone', async () => {
    const bench = await open({ maxOpenRuns: 2 });
    const first = await bench.newRun();
    await bench.newRun();
    expect(await bench.launch()).toEqual({ kind: 'quota', limit: 2, used: 2 });
    await bench.say(first.file.runId, runEnded('SUCCEEDED'));
    expect(await bench.g.store.head(keys.open(first.file.runId))).not.toBeNull();
    expect(await bench.launch('third')).toMatchObject({ kind: 'launched' });
    expect(await bench.launch()).toMatchObject({ kind: 'quota' });
    // The key of a run that exists is no new run.
    expect(await bench.launch('third')).toMatchObject({ kind: 'launched', replayed: true });
  });
});
