import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESERVE_SECONDS } from '../../graph/money/limits.ts';
import { spentOf } from '../../graph/money/spent.ts';
import type { JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { reason } from '../../graph/run/reasons.ts';
import { sha256 as storedHash } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import {
  atStep,
  type Container,
  cleanUp,
  home,
  journalOf,
  newRun,
  newRunOf,
  now,
  only,
  open,
  resultOf,
  startContainer,
  stateOf,
  until,
} from '../../infra/test/container.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';
import type { SuperviseOptions } from './supervise.ts';

afterAll(cleanUp);

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
      expect(storedHash(object?.body ?? '')).toBe(sha256);
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
    const runId = await newRun(store, {
      steps: 100_000,
      limits: { maxRuntime: 1, maxCostUsd: null, maxQueueTime: null },
    });
    expect(await startContainer(store, runId, { stepMs: 5 }).exitCode).toBe(0);
    const state = await stateOf(runId);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_RUNTIME' } });
    expect(state.checkpoints.at(-1)?.step).toBe(state.step);
  });

  it('stops through a checkpoint where its money is used up, whatever three lost hosts took of it', async () => {
    const store = open();
    // A dollar a second.
    const runId = await newRun(store, { steps: 100_000 }, 3600);
    for (let lost = 1; lost <= 3; lost += 1) {
      const container = startContainer(store, runId, { stepMs: 5, container: lost });
      await until(runId, (event) => event.type === 'METRICS' && event.attempt === lost);
      container.lose();
      expect(await container.exitCode).toBe(75);
    }
    const cap = spentOf(await stateOf(runId)).usd + RESERVE_SECONDS + 3;
    await append({ store: open() }, runId, () => [{ type: 'RUN_UPDATED', at: now(), limits: { maxCostUsd: cap } }]);
    expect(await startContainer(store, runId, { stepMs: 5, container: 4 }).exitCode).toBe(0);
    const state = await stateOf(runId);
    expect(state).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_COST' } });
    expect(state.checkpoints.at(-1)?.step).toBe(state.step);
    const spent = spentOf(state);
    expect(spent.usd + RESERVE_SECONDS).toBeGreaterThanOrEqual(cap);
    expect(spent.usd).toBeLessThan(cap);
    const usages = [...spent.attempts.values()];
    expect(usages).toHaveLength(4);
    expect(Math.min(...usages.map(({ usd }) => usd))).toBeGreaterThan(0);
    expect(usages.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(spent.usd, 6);
  });

  it('does not begin where nothing is left to begin with', async () => {
    const store = open();
    const limits = { maxRuntime: null, maxCostUsd: RESERVE_SECONDS, maxQueueTime: null };
    const runId = await newRun(store, { limits }, 3600);
    expect(await startContainer(store, runId).exitCode).toBe(0);
    expect(await stateOf(runId)).toMatchObject({ phase: 'STOPPED', reason: { code: 'MAX_COST' }, attempts: [] });
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

  it.runIf(existsSync('/dev/full'))('is tried again where the disk of its supervisor is full', async () => {
    const runId = await newRun(open());
    const work = join(home, 'work', `${runId}-1-${process.pid}`);
    mkdirSync(work, { recursive: true });
    symlinkSync('/dev/full', join(work, 'spec.json'));
    expect(await startContainer(open(), runId).exitCode).toBe(75);
    expect(await stateOf(runId)).toMatchObject({ phase: 'QUEUED', attempts: [{ endReason: { code: 'DISK_FULL' } }] });
    expect(await startContainer(open(), runId).exitCode).toBe(0);
  });

  it('is no run at all', async () => {
    expect(await startContainer(open(), 'test-000000000000000000').exitCode).toBe(64);
  });
});
