/** Runs and containers for tests: a tiny spec, the supervisor over any store, a toy for its trainer; asserts nothing. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeShards } from '../../batch/data/shards.ts';
import { type SuperviseOptions, supervise } from '../../batch/supervisor/supervise.ts';
import { toyCommand } from '../../batch/trainer/testing/process.ts';
import { specFileOf, tinyTrainSpec } from '../../batch/trainer/testing/specs.ts';
import type { EventOf, JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { loadAnyRun } from '../../graph/run/load.ts';
import { readSegments } from '../../graph/run/segments.ts';
import { isSuperseded, type RunState } from '../../graph/run/state.ts';
import type { SpecFile, TrainSpec } from '../../graph/spec/spec.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openFileStore } from '../clients/file-store.ts';

export const home = mkdtempSync(join(tmpdir(), 'ganway-supervisor-'));
const folder = join(home, 'store');
/** Another view of the same storage, with nothing remembered. */
export const open = (): ObjectStore => openFileStore(folder);

/** Removes everything this process has made here. */
export const cleanUp = (): void => rmSync(home, { recursive: true, force: true });

let written: Promise<string> | null = null;

/** Writes the tiny data set once a process and resolves to its digest. */
async function writeDataset(): Promise<string> {
  const shape = { images: 64, width: 16, height: 16, channels: 1 } as const;
  const source = { kind: 'test', skipped: [], skippedTotal: 0 };
  const folder = join(home, 'dataset');
  const writer = await writeShards({ folder, id: 'tiny', name: 'tiny', ...shape, classes: [], source });
  for (let i = 0; i < 64; i++) await writer.add(new Uint8Array(256).fill(i), 0);
  return (await writer.finish()).digest;
}

async function uploadDataset(store: ObjectStore): Promise<string> {
  written ??= writeDataset();
  const digest = await written;
  for (const name of readdirSync(join(home, 'dataset'))) {
    await store.put(`${keys.dataset('tiny')}${name}`, readFileSync(join(home, 'dataset', name)));
  }
  return digest;
}

export const now = (): string => new Date().toISOString();
const launchRequested = (launch: number, usdPerHour: number | null): JournalEvent => ({
  type: 'LAUNCH_REQUESTED',
  at: now(),
  launch,
  cause: 'CREATE',
  ...(usdPerHour !== null && { price: { usdPerHour, pricedAt: '2026-01-01' } }),
});

/** @param usdPerHour price of its launch; null: it costs nothing */
export async function newRun(
  store: ObjectStore,
  change: Partial<TrainSpec> = {},
  usdPerHour: number | null = null,
): Promise<string> {
  const digest = await uploadDataset(store);
  const spec = tinyTrainSpec(change);
  return newRunOf(store, { ...spec, dataset: { ...spec.dataset, digest } }, usdPerHour);
}

export async function newRunOf(
  store: ObjectStore,
  spec: SpecFile['spec'],
  usdPerHour: number | null = null,
): Promise<string> {
  const runId = `test-${randomUUID().replaceAll('-', '').slice(0, 18)}`;
  await store.create(keys.spec(runId), Buffer.from(JSON.stringify(specFileOf(runId, spec))));
  await append({ store }, runId, () => [launchRequested(1, usdPerHour)]);
  return runId;
}

export interface Container {
  readonly exitCode: Promise<number>;
  readonly lines: string[];
  /** As SIGTERM would. */
  lose(): void;
  /** Kills the trainer as the kernel would. */
  killTrainer(): void;
}

export function startContainer(
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

export async function journalOf(store: ObjectStore, runId: string): Promise<JournalEvent[]> {
  const { segments } = await readSegments(store, runId, 1);
  return segments.flatMap(({ events }) => events).filter((event) => event !== null);
}

export async function stateOf(runId: string, store = open()): Promise<RunState> {
  const snapshot = await loadAnyRun(store, runId);
  if (!snapshot) throw new Error(`There is no run ${runId}.`);
  return snapshot.state;
}

/** Resolves once the journal says something that passes. */
export async function until(runId: string, passes: (event: JournalEvent) => boolean, store = open()): Promise<void> {
  while (!(await journalOf(store, runId)).some(passes)) await setTimeout(10);
}
export const atStep =
  (type: 'METRICS' | 'CHECKPOINT_SEALED', step: number) =>
  (event: JournalEvent): boolean =>
    event.type === type && event.step >= step;

export const only = <T extends JournalEvent['type']>(type: T, events: readonly JournalEvent[]): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** Rows and sheets that are part of the run, without what may differ between equal runs. */
export function resultOf(events: readonly JournalEvent[], { attempts }: RunState) {
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
