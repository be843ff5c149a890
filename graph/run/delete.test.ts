import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { keys } from '../storage/keys.ts';
import { deleteRun, sweepDeleted } from './delete.ts';
import { listRuns } from './list.ts';
import { loadRun } from './load.ts';
import { resumeRun } from './resume.ts';
import { type Bench, openBench, runEnded, stores } from './testing/bench.ts';
import { breakingStore, overtakenStore } from './testing/breaking.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganway-delete-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(stores(inject('s3'), folder)))('a run deleted in %s', (_, open) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ store: open() });
  });
  afterAll(() => bench.close());

  /** Keeps what it has read, so that looking again is quick. */
  const reader = open();
  const remove = (runId: string, store = open()) => deleteRun({ ...bench.g, store }, bench.viewer, runId);
  const sweep = (store = open()) => sweepDeleted({ store }, bench.projectId);
  /** With samples and a log, as a run has them that trained; its job has gone, and reconcile has seen it. */
  const endedRun = async (key?: string) => {
    const launched = await bench.launch(key);
    if (launched.kind !== 'launched') throw new Error(launched.kind);
    const { runId } = launched.run.file;
    await bench.say(runId, runEnded('STOPPED'));
    await bench.g.store.put(keys.sample(runId, 1, 1, 'ema'), new Uint8Array(1));
    await bench.g.store.put(keys.logChunk(runId, 1, 1), new Uint8Array(1));
    await bench.g.store.remove(keys.open(runId));
    return runId;
  };
  const left = async (prefix: string) => (await open().list(prefix)).objects.map(({ key }) => key);
  const isListed = async (runId: string) => {
    const { viewer, projectId } = bench;
    const { runs } = await listRuns({ store: reader }, viewer, { projectId, first: 1000, after: null });
    return runs.some(({ file }) => file.runId === runId);
  };

  it('is hidden at once, and swept to a last mark later', async () => {
    const runId = await endedRun();
    expect(await remove(runId)).toEqual({ kind: 'deleted', id: runId });
    expect(await loadRun({ store: open() }, runId)).toBeNull();
    expect(await isListed(runId)).toBe(false);
    expect(await remove(runId)).toMatchObject({ kind: 'notFound' });
    await sweep();
    expect(await left(keys.run(runId))).toEqual([keys.deleted(runId)]);
    for (const marker of [keys.index(runId), keys.open(runId), keys.tombstone(runId)])
      expect(await left(marker)).toEqual([]);
    expect(await loadRun({ store: open() }, runId)).toBeNull();
  });

  it('is gone also for a process that knew it before and heard of no deletion', async () => {
    const runId = await endedRun();
    const elsewhere = open();
    expect(await loadRun({ store: elsewhere }, runId)).not.toBeNull();
    await remove(runId);
    await sweep();
    expect(await loadRun({ store: elsewhere }, runId)).toBeNull();
    expect(await loadRun({ store: elsewhere }, runId)).toBeNull();
  });

  it('has to have ended', async () => {
    const { runId } = (await bench.newRun()).file;
    const refused = await remove(runId);
    expect(refused).toMatchObject({ kind: 'invalidState', run: { state: { phase: 'QUEUED' } } });
    expect(refused.kind === 'invalidState' && refused.message).toMatch(/stop it/);
    await sweep();
    expect(await isListed(runId)).toBe(true);
  });

  it('is not deleted, nor swept, where it is resumed at that moment', async () => {
    const runId = await endedRun();
    const resume = () => resumeRun({ ...bench.g, store: open() }, bench.viewer, runId);
    expect(await remove(runId, overtakenStore(open(), resume))).toMatchObject({ kind: 'invalidState' });
    await sweep();
    expect((await bench.now(runId)).state).toMatchObject({ phase: 'QUEUED', deleted: false });
    expect(await isListed(runId)).toBe(true);
  });

  it.each([
    ['deleting', 'undone'],
    ['deleting', 'lost'],
    ['sweeping', 'undone'],
  ] as const)(
    'stays hidden, keeps its key and is swept in the end, wherever %s breaks off (%s)',
    async (what, kind) => {
      for (let nth = 1, unbroken = false; !unbroken; nth += 1) {
        const key = `${what} ${kind} ${nth}`;
        const runId = await endedRun(key);
        if (what === 'sweeping') await remove(runId);
        const breaking = breakingStore(open(), nth, kind);
        const action = what === 'sweeping' ? sweep(breaking.store) : remove(runId, breaking.store);
        await action.catch(() => undefined);
        unbroken = breaking.writes() < nth;
        const deleted = (await loadRun({ store: open() }, runId)) === null;
        expect(await isListed(runId)).toBe(!deleted);
        if (what === 'sweeping') expect(deleted).toBe(true);
        // Whoever deletes it again, where the first did not come through.
        if (!deleted) expect(await remove(runId)).toMatchObject({ kind: 'deleted' });
        expect(await bench.launch(key)).toMatchObject({
          kind: 'invalid',
          issues: [{ code: 'KEY_USED_BY_DELETED_RUN' }],
        });
        await sweep();
        expect([nth, await left(keys.run(runId))]).toEqual([nth, [keys.deleted(runId)]]);
        for (const marker of [keys.index(runId), keys.open(runId), keys.tombstone(runId)]) {
          expect([nth, await left(marker)]).toEqual([nth, []]);
        }
      }
    },
  );
});
