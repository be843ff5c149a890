import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { START } from '../../graph/run/cursor.ts';
import type { EventOf, JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { loadAnyRun } from '../../graph/run/load.ts';
import { reason } from '../../graph/run/reasons.ts';
import { eventsAfter } from '../../graph/run/segments.ts';
import { isSuperseded, type RunState } from '../../graph/run/state.ts';
import type { SpecFile, TrainSpec } from '../../graph/spec/spec.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from '../../infra/clients/file-store.ts';
import { openS3Store } from '../../infra/clients/s3-store.ts';
import { startFaultProxy } from '../../infra/test/fault-proxy.ts';
import { writeShards } from '../data/shards.ts';
import { toyCommand } from '../trainer/testing/process.ts';
import { specFileOf, tinyTrainSpec } from '../trainer/testing/specs.ts';
import { type SuperviseOptions, supervise } from './supervise.ts';

const home = mkdtempSync(join(tmpdir(), 'ganway-supervisor-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const folder = join(home, 'store');
/** Another view of the same storage, with nothing remembered. */
const open = (): ObjectStore => openFileStore(folder);
const s3 = inject('s3');

let digest = '';
beforeAll(async () => {
  const images = join(home, 'dataset');
  const writer = await writeShards({
    folder: images,
    id: 'tiny',
    name: 'tiny',
    images: 64,
    width: 16,
    height: 16,
    channels: 1,
    classes: [],
    source: { kind: 'test', skipped: [], skippedTotal: 0 },
  });
  for (let i = 0; i < 64; i++) await writer.add(new Uint8Array(256).fill(i), 0);
  digest = (await writer.finish()).digest;
});

async function uploadDataset(store: ObjectStore): Promise<void> {
  for (const name of readdirSync(join(home, 'dataset'))) {
    await store.put(`${keys.dataset('tiny')}${name}`, readFileSync(join(home, 'dataset', name)));
  }
}

const now = (): string => new Date().toISOString();
const launchRequested = (launch: number): JournalEvent => ({
  type: 'LAUNCH_REQUESTED',
  at: now(),
  launch,
  cause: 'CREATE',
});

async function newRun(store: ObjectStore, change: Partial<TrainSpec> = {}): Promise<string> {
  await uploadDataset(store);
  const spec = tinyTrainSpec(change);
  return newRunOf(store, { ...spec, dataset: { ...spec.dataset, digest } });
}

async function newRunOf(store: ObjectStore, spec: SpecFile['spec']): Promise<string> {
  const runId = `test-${randomUUID().replaceAll('-', '').slice(0, 18)}`;
  await store.create(keys.spec(runId), Buffer.from(JSON.stringify(specFileOf(runId, spec))));
  await append({ store }, runId, () => [launchRequested(1)]);
  return runId;
}

interface Container {
  readonly exitCode: Promise<number>;
  readonly lines: string[];
  /** As SIGTERM would. */
  lose(): void;
  /** Kills the trainer as the kernel would. */
  killTrainer(): void;
}

function startContainer(
  store: ObjectStore,
  runId: string,
  change: Partial<SuperviseOptions> & { stepMs?: number } = {},
): Container {
  const { stepMs = 0, ...rest } = change;
  const lines: string[] = [];
  const host = new AbortController();
  const exitCode = supervise({
    store,
    runId,
    launch: 1,
    jobId: 'job-1',
    workDir: join(home, 'work'),
    cacheDir: join(home, 'cache'),
    version: '0.0.0',
    inherited: {},
    hostLost: host.signal,
    trainer: (work) => {
      const [command, args] = toyCommand(work, stepMs);
      return { command, args };
    },
    echo: (text) => lines.push(text),
    ...rest,
  });
  return {
    exitCode,
    lines,
    lose: () => host.abort(),
    killTrainer: () => {
      const pid = /^toy trainer (\d+)$/m.exec(lines.join('\n'))?.[1];
      process.kill(Number(pid), 'SIGKILL');
    },
  };
}

async function journalOf(store: ObjectStore, runId: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const { event } of eventsAfter(store, runId, START)) if (event) events.push(event);
  return events;
}

async function stateOf(runId: string, store = open()): Promise<RunState> {
  const snapshot = await loadAnyRun(store, runId);
  if (!snapshot) throw new Error(`There is no run ${runId}.`);
  return snapshot.state;
}

/** Resolves once the journal says something that passes. */
async function until(runId: string, passes: (event: JournalEvent) => boolean, store = open()): Promise<void> {
  while (!(await journalOf(store, runId)).some(passes)) await setTimeout(10);
}
const atStep =
  (type: 'METRICS' | 'CHECKPOINT_SEALED', step: number) =>
  (event: JournalEvent): boolean =>
    event.type === type && event.step >= step;

const only = <T extends JournalEvent['type']>(type: T, events: readonly JournalEvent[]): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** Rows and sheets that are part of the run, without what may differ between equal runs. */
function resultOf(events: readonly JournalEvent[], { attempts }: RunState) {
  const kept = <T extends { attempt: number; step: number }>(items: T[]): T[] =>
    items.filter(({ attempt, step }) => !isSuperseded(attempts, attempt, step));
  return {
    rows: kept(only('METRICS', events)).map(({ step, values }) => [
      step,
      Object.entries(values).filter(([name]) => !name.startsWith('rate/')),
    ]),
    sheets: kept(only('SAMPLE', events)).map(({ step, sha256 }) => [step, sha256]),
    checkpoints: kept(only('CHECKPOINT_SEALED', events)).flatMap(({ step, trigger }) =>
      trigger === 'SCHEDULE' ? [step] : [],
    ),
  };
}

/** What an undisturbed run of the tiny spec comes to. */
let undisturbed: ReturnType<typeof resultOf>;

describe('an undisturbed run', () => {
  let runId = '';
  let container: Container;
  let events: JournalEvent[] = [];
  beforeAll(async () => {
    const store = open();
    runId = await newRun(store);
    container = startContainer(store, runId);
    expect(await container.exitCode, container.lines.join('\n')).toBe(0);
    events = await journalOf(open(), runId);
    undisturbed = resultOf(events, await stateOf(runId));
  });

  it('is journaled from claim to end', async () => {
    const types = events
      .map(({ type }) => type)
      .filter((type) => !['METRICS', 'SAMPLE', 'CHECKPOINT_SEALED'].includes(type));
    expect(types).toEqual(['LAUNCH_REQUESTED', 'ATTEMPT_STARTED', 'TRAINING_STARTED', 'ATTEMPT_ENDED', 'RUN_ENDED']);
    expect(undisturbed.rows.map(([step]) => step)).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 60]);
    expect(undisturbed.sheets.map(([step]) => step)).toEqual([0, 20, 40, 60]);
    expect(undisturbed.checkpoints).toEqual([0, 15, 30, 45, 60]);
    expect(await stateOf(runId)).toMatchObject({ phase: 'SUCCEEDED', reason: null, step: 60 });
  });

  it('seals a checkpoint only after all that led up to it', () => {
    for (const [index, event] of events.entries()) {
      if (event.type !== 'CHECKPOINT_SEALED') continue;
      const later = events.slice(index + 1).filter((other) => 'step' in other && other.step <= event.step);
      expect(later.filter(({ type }) => type === 'METRICS' || type === 'SAMPLE')).toEqual([]);
    }
  });

  it('leaves every blob in storage that the journal names', async () => {
    const store = open();
    for (const { key, sha256, bytes } of only('SAMPLE', events)) {
      const object = await store.get(key);
      expect(object?.body.length).toBe(bytes);
      expect(
        createHash('sha256')
          .update(object?.body ?? '')
          .digest('hex'),
      ).toBe(sha256);
    }
    for (const { manifest, bytes, step, attempt } of only('CHECKPOINT_SEALED', events)) {
      const { blobs } = JSON.parse(Buffer.from((await store.get(manifest))?.body ?? '').toString());
      const sizes = blobs.map((blob: { name: string }) =>
        store.head(`${keys.checkpoint(runId, step, attempt)}${blob.name}`),
      );
      const total = (await Promise.all(sizes)).reduce((sum, summary) => sum + (summary?.size ?? Number.NaN), 0);
      expect(total).toBe(bytes);
    }
  });

  it('leaves its log and its head in storage, and nothing in its scratch folder', async () => {
    const chunk = await open().get(keys.logChunk(runId, 1, 1));
    expect(Buffer.from(chunk?.body ?? '').toString()).toMatch(/"text":"toy trainer \d+"/);
    const head = JSON.parse(Buffer.from((await open().get(keys.head(runId)))?.body ?? '').toString());
    expect(head.state.phase).toBe('SUCCEEDED');
    expect(readdirSync(join(home, 'work'))).toEqual([]);
  });

  it('is left alone by a container that comes too late', async () => {
    const before = events.length;
    expect(await startContainer(open(), runId).exitCode).toBe(0);
    expect(await journalOf(open(), runId)).toHaveLength(before);
  });
});

describe('a run that is disturbed', () => {
  it('ends as the undisturbed one though its trainer was killed twice', async () => {
    const store = open();
    const runId = await newRun(store);
    for (const [kill, step] of [
      [1, 15],
      [2, 30],
    ] as const) {
      const container = startContainer(store, runId, { stepMs: 80 });
      await until(runId, (event) => atStep('CHECKPOINT_SEALED', step)(event));
      container.killTrainer();
      expect(await container.exitCode).toBe(137);
      expect((await stateOf(runId)).attempts.at(-1)).toMatchObject({
        number: kill,
        exitCode: 137,
        endReason: { code: 'KILLED' },
      });
    }
    expect(await startContainer(store, runId).exitCode).toBe(0);
    const state = await stateOf(runId);
    expect(state.attempts.map(({ cause, exact }) => [cause, exact])).toEqual([
      ['START', true],
      ['RETRY', true],
      ['RETRY', true],
    ]);
    expect(resultOf(await journalOf(open(), runId), state)).toEqual(undisturbed);
  });

  it('checkpoints when its host goes, and goes on elsewhere', async () => {
    const store = open();
    const runId = await newRun(store);
    const container = startContainer(store, runId, { stepMs: 80 });
    await until(runId, atStep('METRICS', 7));
    container.lose();
    expect(await container.exitCode).toBe(75);
    const state = await stateOf(runId);
    expect(state).toMatchObject({ phase: 'QUEUED', reason: { code: 'RETRYING' } });
    expect(state.checkpoints.at(-1)?.step).toBe(state.step);

    expect(await startContainer(store, runId, { jobId: 'job-2' }).exitCode).toBe(0);
    expect(resultOf(await journalOf(open(), runId), await stateOf(runId))).toEqual(undisturbed);
  });

  it('stops through a checkpoint soon after the journal asks for it', async () => {
    const store = open();
    const runId = await newRun(store, { steps: 100_000 });
    const container = startContainer(store, runId, { stepMs: 5 });
    await until(runId, atStep('METRICS', 7));
    const asked = performance.now();
    await append({ store: open() }, runId, () => [
      { type: 'STOP_REQUESTED', at: now(), by: 'me', reason: reason('STOP_REQUESTED') },
    ]);
    expect(await container.exitCode).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
    const state = await stateOf(runId);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'STOPPED_BY_USER' } });
    expect(state.checkpoints.at(-1)?.step).toBe(state.step);
  });

  it('stops through a checkpoint at its time limit', async () => {
    const store = open();
    const runId = await newRun(store, { steps: 100_000, limits: { maxRuntime: 1 } });
    expect(await startContainer(store, runId, { stepMs: 5 }).exitCode).toBe(0);
    const state = await stateOf(runId);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_RUNTIME' } });
    expect(state.checkpoints.at(-1)?.step).toBe(state.step);
  });

  it('falls silent when a newer attempt has begun', async () => {
    const store = open();
    const runId = await newRun(store, { steps: 100_000 });
    const container = startContainer(store, runId, { stepMs: 5 });
    await until(runId, atStep('METRICS', 7));
    await append({ store: open() }, runId, () => [
      {
        type: 'ATTEMPT_STARTED',
        at: now(),
        attempt: 2,
        launch: 1,
        jobId: 'job-2',
        cause: 'RETRY',
        resumedFromStep: null,
        trainerVersion: '0',
        host: null,
        device: null,
        exact: true,
        differs: [],
      },
    ]);
    expect(await container.exitCode).toBe(0);
    const events = await journalOf(open(), runId);
    expect(events.at(-1)).toMatchObject({ type: 'ATTEMPT_STARTED', attempt: 2 });
  });

  it('continues from the checkpoint before where the newest is damaged', async () => {
    const store = open();
    const runId = await newRun(store);
    const container = startContainer(store, runId, { stepMs: 80 });
    await until(runId, atStep('CHECKPOINT_SEALED', 30));
    container.killTrainer();
    await container.exitCode;
    const newest = (await stateOf(runId)).checkpoints.at(-1);
    await store.put(`${keys.checkpoint(runId, newest?.step ?? 0, 1)}state.safetensors`, Buffer.from('damaged'));
    expect(await startContainer(store, runId).exitCode).toBe(0);
    const state = await stateOf(runId);
    expect(state.attempts.at(-1)?.resumedFromStep).toBe((newest?.step ?? 0) - 15);
    expect(resultOf(await journalOf(open(), runId), state)).toEqual(undisturbed);
  });
});

describe('a run that cannot succeed', () => {
  const script = (text: string): Partial<SuperviseOptions> => ({
    trainer: () => ({ command: process.execPath, args: ['-e', text] }),
  });

  it('crashes, is tried again, and fails as a loop the third time', async () => {
    const store = open();
    const runId = await newRun(store);
    const crash = script("process.kill(process.pid, 'SIGSEGV')");
    expect(await startContainer(store, runId, crash).exitCode).toBe(139);
    expect((await stateOf(runId)).attempts.at(-1)?.endReason?.code).toBe('NATIVE_CRASH');
    expect(await startContainer(store, runId, crash).exitCode).toBe(139);
    expect(await startContainer(store, runId, crash).exitCode).toBe(70);
    expect(await stateOf(runId)).toMatchObject({ phase: 'FAILED', reason: { code: 'CRASH_LOOP' } });
  });

  it('fails for good where the trainer ends without a word', async () => {
    const store = open();
    const runId = await newRun(store);
    expect(await startContainer(store, runId, script('process.exit(1)')).exitCode).toBe(70);
    expect(await stateOf(runId)).toMatchObject({ phase: 'FAILED', reason: { code: 'TRAINER_BUG' } });
  });

  it('fails where its data set is not the one pinned', async () => {
    const store = open();
    const { dataset } = tinyTrainSpec();
    const runId = await newRun(store);
    const other = await newRunOf(store, tinyTrainSpec({ dataset: { ...dataset, digest: 'f'.repeat(64) } }));
    expect(runId).not.toBe(other);
    expect(await startContainer(store, other).exitCode).toBe(64);
    expect(await stateOf(other)).toMatchObject({ phase: 'FAILED', reason: { code: 'BAD_SPEC' } });
  });

  it('is no run at all', async () => {
    expect(await startContainer(open(), 'test-000000000000000000').exitCode).toBe(64);
  });
});

describe.runIf(s3)('storage over a bad line', () => {
  it('loses nothing and costs no step when it is down for a while, in the middle of writes', async () => {
    if (!s3) return;
    const proxy = await startFaultProxy(s3.endpoint);
    try {
      const options = {
        bucket: s3.bucket,
        region: s3.region,
        accessKeyId: s3.accessKeyId,
        secretAccessKey: s3.secretAccessKey,
      };
      const direct = openS3Store({ ...options, endpoint: s3.endpoint });
      const shaky = openS3Store({ ...options, endpoint: proxy.url, retryForMs: 100 });
      const runId = await newRun(direct);
      const container = startContainer(shaky, runId, { stepMs: 20 });
      await until(runId, atStep('METRICS', 7), direct);
      // First replies get lost though the server has acted, then nothing gets through, then all is well.
      proxy.onRequest((_, count) => (count <= 8 ? 'lose' : 503));
      while (!container.lines.some((line) => line.includes('storage does not answer'))) await setTimeout(10);
      await setTimeout(1_500);
      proxy.onRequest(() => null);
      expect(await container.exitCode, container.lines.join('\n')).toBe(0);
      const events = await journalOf(openS3Store({ ...options, endpoint: s3.endpoint }), runId);
      const state = await stateOf(runId, direct);
      expect(resultOf(events, state)).toEqual(undisturbed);
      expect(state.attempts).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });
});
