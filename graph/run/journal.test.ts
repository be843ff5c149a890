import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openStore } from '../../infra/clients/open-store.ts';
import { encodeJson } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { formatCursor, START } from './cursor.ts';
import type { JournalEvent } from './events.ts';
import { saveHead } from './head.ts';
import { loadHistory } from './history.ts';
import { append } from './journal.ts';
import { loadRun } from './load.ts';
import { readEvents } from './replay.ts';
import { breakingStore } from './testing/breaking.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganway-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const s3 = inject('s3');
const open: Record<string, () => ObjectStore> = {
  'the embedded store': () => openStore({ GANWAY_EMBEDDED_STORE: folder }),
  ...(s3 && {
    MinIO: () =>
      openStore({
        GANWAY_S3_ENDPOINT: s3.endpoint,
        GANWAY_S3_BUCKET: s3.bucket,
        GANWAY_S3_REGION: s3.region,
        GANWAY_S3_ACCESS_KEY_ID: s3.accessKeyId,
        GANWAY_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      }),
  }),
};
const at = '2026-01-01T00:00:00.000Z';

/** An empty run, written as launch writes one. */
async function newRun(store: ObjectStore): Promise<string> {
  const runId = `p-${randomUUID().replaceAll('-', '').slice(0, 18)}`;
  const spec = {
    v: 1,
    task: 'IMPORT',
    dataset: { id: 'p-x', name: 'x' },
    size: 8,
    uploads: [],
    resources: { threads: 1, gpus: 0, memoryMb: 512 },
    limits: { maxRuntime: null },
  };
  await store.create(keys.spec(runId), encodeJson({ v: 1, runId, createdAt: at, createdBy: 'me', name: null, spec }));
  return runId;
}

const attempt = (number: number, resumedFromStep: number | null): JournalEvent => ({
  type: 'ATTEMPT_STARTED',
  at,
  attempt: number,
  launch: 1,
  jobId: 'job',
  cause: 'START',
  resumedFromStep,
  trainerVersion: '0',
  host: null,
  device: null,
  exact: true,
  differs: [],
});
const row = (number: number, step: number): JournalEvent => ({
  type: 'METRICS',
  at,
  attempt: number,
  step,
  kimg: step,
  values: { loss: number * 1000 + step },
});

describe.each(Object.entries(open))('a journal in %s', (_, openIt) => {
  it('gives thirty concurrent writers one order without a gap', async () => {
    const store = openIt();
    const runId = await newRun(store);
    const writers = Array.from({ length: 30 }, (_, writer) =>
      append({ store }, runId, () => [{ type: 'RUN_UPDATED', at, name: `writer ${writer}` }]),
    );
    const written = await Promise.all(writers);
    const positions = written.map(({ snapshot }) => snapshot.state.cursor.position).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    // Another process sees the same end.
    const fresh = await loadRun({ store: openIt() }, runId);
    expect(fresh?.state.cursor).toEqual({ position: 30, index: 0 });
    expect(fresh?.state.name).toBe(written.find((w) => w.snapshot.state.cursor.position === 30)?.snapshot.state.name);
  });

  it('lets a writer decide again about what came between', async () => {
    const store = openIt();
    const runId = await newRun(store);
    const stale = await loadRun({ store }, runId);
    await append({ store: openIt() }, runId, () => [{ type: 'RUN_DELETED', at }]);
    const asked: boolean[] = [];
    const { appended } = await append(
      { store },
      runId,
      (state) => {
        asked.push(state.deleted);
        return state.deleted ? null : [{ type: 'RUN_UPDATED', at, name: 'too late' }];
      },
      stale ?? undefined,
    );
    expect({ asked, appended }).toEqual({ asked: [false, true], appended: false });
  });

  it('continues from its head and from none alike', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [attempt(1, null), row(1, 10)]);
    const { snapshot } = await append({ store }, runId, () => [row(1, 20)]);
    const withoutHead = await loadRun({ store: openIt() }, runId);
    await saveHead(store, runId, snapshot.state);
    await append({ store }, runId, () => [row(1, 30)]);
    const withHead = await loadRun({ store: openIt() }, runId);
    expect(withoutHead?.state).toEqual(snapshot.state);
    expect(withHead?.state.step).toBe(30);
  });

  it('replays from any cursor exactly what comes after it', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [
      { type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' },
      attempt(1, null),
      { type: 'HEARTBEAT', at, attempt: 1, step: 0 },
    ]);
    for (let step = 10; step <= 40; step += 10) await append({ store }, runId, () => [row(1, step), row(1, step + 5)]);
    const all = await readEvents({ store }, runId, { after: START, first: 100 });
    const texts = all?.events.map(({ cursor }) => formatCursor(cursor)) ?? [];
    expect(texts).toEqual([...new Set(texts)].sort());
    expect(texts).toHaveLength(10);
    for (const [index, { cursor }] of (all?.events ?? []).entries()) {
      const rest = await readEvents({ store }, runId, { after: cursor, first: 100 });
      expect(rest?.events).toEqual(all?.events.slice(index + 1));
      expect(rest?.since).toEqual(cursor);
    }
    const pages = [];
    for (let after = START, more = true; more; ) {
      const page = await readEvents({ store }, runId, { after, first: 3 });
      pages.push(...(page?.events ?? []));
      after = page?.cursor ?? after;
      more = page?.hasMore ?? false;
    }
    expect(pages).toEqual(all?.events);
  });

  it('leaves out what was rewound unless asked for it', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [attempt(1, null), row(1, 10), row(1, 20), row(1, 30)]);
    await append({ store }, runId, () => [attempt(2, 10), row(2, 20)]);
    const values = async (includeSuperseded: boolean) => {
      const page = await readEvents({ store }, runId, { after: START, first: 100, includeSuperseded });
      return page?.events.flatMap(({ event }) => (event.type === 'METRICS' ? [event.values.loss] : []));
    };
    expect(await values(false)).toEqual([1010, 2020]);
    expect(await values(true)).toEqual([1010, 1020, 1030, 2020]);
    expect((await loadHistory({ store }, runId))?.metrics.map(({ step }) => step)).toEqual([10, 20]);
  });

  it('is listed, and nothing else is looked for, where a hint claims what nobody has written', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [attempt(1, null), row(1, 10)]);
    let reads = 0;
    const counted: ObjectStore = {
      ...openIt(),
      get: (...args) => {
        reads += 1;
        return store.get(...args);
      },
    };
    await loadRun({ store: counted }, runId);
    await append({ store }, runId, () => [row(1, 20)]);
    reads = 0;
    // The most that the key of a segment can name.
    const page = await readEvents({ store: counted }, runId, { after: START, first: 10, told: 9_999_999_999 });
    expect(page?.events).toHaveLength(3);
    expect(reads).toBe(1);
  });

  it('steps over lines of a later version', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [attempt(1, null)]);
    const lines = `${JSON.stringify({ v: 9, type: 'DREAMT', at })}\nnot json\n${JSON.stringify({ v: 1, ...row(1, 10) })}\n`;
    await store.create(keys.segment(runId, 2), new TextEncoder().encode(lines));
    const page = await readEvents({ store }, runId, { after: START, first: 10 });
    expect(page?.events.map(({ cursor }) => formatCursor(cursor))).toEqual(['0000000001.00000', '0000000002.00002']);
    expect((await append({ store }, runId, () => [row(1, 20)])).snapshot.state.step).toBe(20);
  });

  it('says of a write whose answer got lost that it came through, when it is tried again', async () => {
    const store = openIt();
    const runId = await newRun(store);
    const from = (await append({ store }, runId, () => [attempt(1, null)])).snapshot;
    const unlucky = breakingStore(store, 1, 'lost').store;
    const events = [row(1, 10), row(1, 20)];
    await expect(append({ store: unlucky }, runId, () => events, from)).rejects.toThrow('dead');
    // Meanwhile others went on.
    await append({ store: openIt() }, runId, () => [{ type: 'RUN_UPDATED', at, name: 'later' }]);
    const again = await append({ store }, runId, () => events, from);
    expect(again).toMatchObject({ appended: true, snapshot: { state: { step: 20, name: 'later' } } });
    expect((await loadHistory({ store: openIt() }, runId))?.metrics.map(({ step }) => step)).toEqual([10, 20]);
  });

  it('has places before, between and behind its segments, and none of them repeats or skips an event', async () => {
    const store = openIt();
    const runId = await newRun(store);
    await append({ store }, runId, () => [attempt(1, null), row(1, 10)]);
    await append({ store }, runId, () => [row(1, 20), row(1, 30)]);
    const stepsAfter = async (position: number, index: number) => {
      const page = await readEvents({ store }, runId, { after: { position, index }, first: 10 });
      return page?.events.flatMap(({ event }) => (event.type === 'METRICS' ? [event.step] : []));
    };
    expect(await stepsAfter(0, 99)).toEqual([10, 20, 30]);
    expect(await stepsAfter(1, 0)).toEqual([10, 20, 30]);
    expect(await stepsAfter(1, 1)).toEqual([20, 30]);
    expect(await stepsAfter(1, 99)).toEqual([20, 30]);
    expect(await stepsAfter(2, 0)).toEqual([30]);
    expect(await stepsAfter(2, 1)).toEqual([]);
    const future = { position: 7, index: 3 };
    const waiting = await readEvents({ store }, runId, { after: future, first: 10 });
    expect(waiting).toMatchObject({ since: future, cursor: future, events: [], hasMore: false });
  });

  it('tells the same of a cursor whenever it is read', async () => {
    const store = openIt();
    const runId = await newRun(store);
    const read = async () => (await readEvents({ store: openIt() }, runId, { after: START, first: 10 }))?.events;
    await append({ store }, runId, () => [{ type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' }]);
    const first = await read();
    expect(first).toMatchObject([{ event: { type: 'PHASE', reason: { code: 'WAITING_FOR_SUBMISSION' } } }]);
    await append({ store }, runId, () => [{ type: 'JOB_SUBMITTED', at, launch: 1, jobId: 'job' }]);
    expect(await read()).toEqual(first);
    expect((await loadRun({ store }, runId))?.state.phases).toMatchObject([{ reason: { code: 'WAITING_FOR_SLOT' } }]);
  });

  it('never shows both what was rewound and what came instead, whenever the rewind is written', async () => {
    const writer = openIt();
    for (let asked = 1; asked <= 5; asked += 1) {
      const runId = await newRun(writer);
      await append({ store: writer }, runId, () => [attempt(1, null), row(1, 10), row(1, 20), row(1, 30)]);
      let lists = 0;
      const store: ObjectStore = {
        ...openIt(),
        list: async (...args) => {
          lists += 1;
          if (lists === asked) await append({ store: writer }, runId, () => [attempt(2, 10), row(2, 20), row(2, 30)]);
          return writer.list(...args);
        },
      };
      const losses = (await loadHistory({ store }, runId))?.metrics.map(({ values }) => values.loss);
      expect([[1010, 1020, 1030], [1010, 2020, 2030], [1010]]).toContainEqual(losses);
      const later = (await loadHistory({ store }, runId))?.metrics.map(({ values }) => values.loss);
      if (lists >= asked) expect(later).toEqual([1010, 2020, 2030]);
    }
  });
});
