import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { append } from '../graph/run/journal.ts';
import { loadAnyRun } from '../graph/run/load.ts';
import type { RunState } from '../graph/run/state.ts';
import { keys } from '../graph/storage/keys.ts';
import { openFileStore } from '../infra/clients/file-store.ts';
import { temporaryFolder } from '../infra/test/temporary-folder.ts';
import { writeShards } from './data/shards.ts';
import { nativeDir } from './engine/testing/native.ts';
import { specFileOf, tinyTrainSpec } from './trainer/testing/specs.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const home = temporaryFolder();
const storage = join(home, 'store');
const store = openFileStore(storage);

function start(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', MAIN], { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

function environment(runId: string): Record<string, string> {
  return {
    GANWAY_RUN_ID: runId,
    GANWAY_LAUNCH: '1',
    GANWAY_EMBEDDED_STORE: storage,
    GANWAY_CACHE: join(home, 'cache'),
    GANWAY_NATIVE: nativeDir,
    GANWAY_WORK: join(home, 'work'),
    GANWAY_PARENT_PIPE: '1',
    AWS_BATCH_JOB_ID: 'job-1',
  };
}

async function newRun(steps: number): Promise<string> {
  const folder = mkdtempSync(join(home, 'dataset-'));
  const shape = { images: 64, width: 16, height: 16, channels: 1 } as const;
  const source = { kind: 'test', skipped: [], skippedTotal: 0 };
  const writer = await writeShards({ folder, id: 'tiny', name: 'tiny', ...shape, classes: [], source });
  for (let i = 0; i < 64; i++) await writer.add(new Uint8Array(256).fill(i * 3), 0);
  const { digest } = await writer.finish();
  for (const name of readdirSync(folder)) {
    await store.put(`${keys.dataset('tiny')}${name}`, readFileSync(join(folder, name)));
  }
  const spec = tinyTrainSpec({ steps });
  const runId = `test-${randomUUID().replaceAll('-', '').slice(0, 18)}`;
  const file = specFileOf(runId, { ...spec, dataset: { ...spec.dataset, digest } });
  await store.create(keys.spec(runId), Buffer.from(JSON.stringify(file)));
  const at = new Date().toISOString();
  await append({ store }, runId, () => [{ type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' }]);
  return runId;
}

async function stateWhere(runId: string, passes: (state: RunState) => boolean): Promise<RunState> {
  for (;;) {
    const state = (await loadAnyRun(store, runId))?.state;
    if (state && passes(state)) return state;
    await setTimeout(20);
  }
}

const exitCodeOf = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};
const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

describe('a container', () => {
  it('names everything that its environment lacks', async () => {
    const child = start({ GANWAY_RUN_ID: 'x' });
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    expect(await exitCodeOf(child)).toBe(64);
    for (const name of ['GANWAY_LAUNCH', 'AWS_BATCH_JOB_ID', 'GANWAY_CACHE', 'GANWAY_WORK']) {
      expect(errors).toContain(`${name} is missing`);
    }
  });
});

describe.runIf(existsSync(nativeDir))('a container on TensorFlow', () => {
  it('checkpoints when it is told to go, and again when its queue is gone', async () => {
    const runId = await newRun(20_000);
    const first = start(environment(runId));
    await stateWhere(runId, ({ step }) => step > 0);
    first.kill('SIGTERM');
    expect(await exitCodeOf(first)).toBe(75);
    const moved = await stateWhere(runId, () => true);
    expect(moved).toMatchObject({ phase: 'QUEUED', reason: { code: 'RETRYING' } });
    expect(moved.checkpoints.at(-1)?.step).toBe(moved.step);

    const second = start(environment(runId));
    await stateWhere(runId, ({ attempts, step }) => attempts.length === 2 && step > moved.step);
    second.stdin?.end();
    expect(await exitCodeOf(second)).toBe(75);
    const left = await stateWhere(runId, () => true);
    expect(left.attempts.at(-1)).toMatchObject({ resumedFromStep: moved.step, exact: true, differs: [] });
    expect(left.step).toBeGreaterThan(moved.step);
  });

  it('steps back behind its trainer, and leaves none behind when it is killed', async () => {
    const runId = await newRun(1_000_000);
    const child = start(environment(runId));
    await stateWhere(runId, ({ step }) => step > 0);
    const trainers = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    expect(trainers.length).toBeGreaterThan(0);
    // The greater number is the lower priority.
    for (const pid of trainers) expect(getPriority(Number(pid))).toBeLessThan(getPriority(child.pid));
    child.kill('SIGKILL');
    await exitCodeOf(child);
    while (trainers.some((pid) => existsSync(`/proc/${pid}`))) await setTimeout(20);
    expect(isGone(child)).toBe(true);
  });

  it('trains to the end', async () => {
    const runId = await newRun(60);
    const child = start(environment(runId));
    expect(await exitCodeOf(child)).toBe(0);
    const state = await stateWhere(runId, () => true);
    expect(state).toMatchObject({ phase: 'SUCCEEDED', step: 60 });
    expect(state.attempts.at(-1)?.device).toMatch(/^[cg]pu/);
  });
});
