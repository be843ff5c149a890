import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { canonicalJson, sha256 } from '../../graph/storage/json.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { EngineError } from '../engine/errors.ts';
import { type SpoolEvent, type Start, WORK } from '../protocol.ts';
import { runTask } from './run.ts';
import { openSpool } from './spool.ts';
import { exitOf, linesOf, lineWhere, startToy } from './testing/process.ts';
import { makeWorkFolder, specFileOf, tinyTrainSpec } from './testing/specs.ts';
import { beginOf, continueFrom, copyCheckpoint, eventsOf, kept, rowsOf, sheetsOf } from './testing/spool.ts';
import { toyEngine } from './testing/toy-training.ts';

const home = temporaryFolder();

const FRESH: Start = { v: 1, attempt: 1, resumeFrom: null };
let folders = 0;
function newWork(spec: TrainSpec, start: Start = FRESH): string {
  const work = join(home, String(folders++));
  makeWorkFolder(work, specFileOf('test-000000000000000001', spec), start);
  return work;
}

/** A new work folder that continues from the newest checkpoint in the spool of another. */
function resumed(spec: TrainSpec, from: string): string {
  const events = linesOf(from);
  const work = newWork(spec, continueFrom(events, 2));
  copyCheckpoint(events, from, work);
  return work;
}

it('is known to its checkpoints by the spec as it is stored, whatever this version reads into an older one', async () => {
  const { reuseFakes: _, microBatches: __, ema: ___, schedule: ____, ...stored } = tinyTrainSpec({ steps: 20 });
  const work = newWork(stored as TrainSpec);
  expect(await exitOf(startToy(work))).toEqual({ code: 0, signal: null });
  const known = eventsOf('checkpoint', linesOf(work)).map(({ manifest }) => manifest.specSha256);
  expect(new Set(known)).toEqual(new Set([sha256(canonicalJson(stored))]));
  const again = resumed(stored as TrainSpec, work);
  expect(await exitOf(startToy(again))).toEqual({ code: 0, signal: null });
  expect(beginOf(linesOf(again))).toBe(20);
});

describe('an undisturbed training', () => {
  const spec = tinyTrainSpec();
  let work = '';
  let events: SpoolEvent[] = [];
  beforeAll(async () => {
    work = newWork(spec);
    expect(await exitOf(startToy(work))).toEqual({ code: 0, signal: null });
    events = linesOf(work);
  });

  it('writes rows, sheets and checkpoints on the steps of the spec, and all three at the last', () => {
    const steps = (type: 'metrics' | 'sample' | 'checkpoint') => eventsOf(type, events).map(({ step }) => step);
    expect(steps('metrics')).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 60]);
    expect(steps('sample')).toEqual([0, 20, 40, 60]);
    expect(steps('checkpoint')).toEqual([0, 15, 30, 45, 60]);
  });

  it('begins with ready, ends with end, and says metrics before the sample of a step', () => {
    const types = events.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['ready', 'end']);
    const last = events.flatMap((event) => ('step' in event && event.step === 60 ? [event.type] : []));
    expect(last).toEqual(['metrics', 'sample', 'checkpoint']);
    expect(eventsOf('end', events)[0]?.outcome).toBe('DONE');
  });

  it('says a checkpoint after all that led up to it', () => {
    for (const [index, event] of events.entries()) {
      if (event.type !== 'checkpoint') continue;
      const later = events.slice(index).flatMap((other) => ('step' in other ? [other] : []));
      expect(later.filter(({ type, step }) => type !== 'checkpoint' && step <= event.step)).toEqual([]);
      expect(later.filter(({ type, step }) => type === 'checkpoint' && step < event.step)).toEqual([]);
    }
  });

  it('names blobs that are there, with their bytes', () => {
    for (const { file, bytes } of eventsOf('sample', events)) {
      expect(readFileSync(join(work, WORK.spool, file)).length).toBe(bytes);
    }
    for (const { folder, manifest } of eventsOf('checkpoint', events)) {
      for (const { name, bytes } of manifest.blobs) {
        expect(readFileSync(join(work, WORK.spool, folder, name)).length).toBe(bytes);
      }
    }
  });

  it('goes on from a checkpoint that was written before the spec had all of its fields', async () => {
    const { precision: _, ...resources } = spec.resources;
    const written: TrainSpec = { ...spec, resources };
    const first = newWork(written);
    expect(await exitOf(startToy(first))).toEqual({ code: 0, signal: null });
    const manifest = eventsOf('checkpoint', linesOf(first)).at(-1)?.manifest;
    // As the version before wrote it.
    expect(manifest?.specSha256).toBe(sha256(canonicalJson(written)));
    expect(await exitOf(startToy(resumed(written, first)))).toEqual({ code: 0, signal: null });
  });

  it('equals one that was killed twice and resumed', async () => {
    const first = newWork(spec);
    const killed = startToy(first, 25);
    await lineWhere(first, (event) => event.type === 'metrics' && event.step === 21);
    killed.kill('SIGKILL');
    expect((await exitOf(killed)).signal).toBe('SIGKILL');

    const second = resumed(spec, first);
    const killedAgain = startToy(second, 25);
    await lineWhere(second, (event) => event.type === 'checkpoint');
    killedAgain.kill('SIGKILL');
    await exitOf(killedAgain);

    const third = resumed(spec, second);
    expect(await exitOf(startToy(third))).toEqual({ code: 0, signal: null });
    const attempts = [linesOf(first), linesOf(second), linesOf(third)];
    expect(beginOf(attempts[2] ?? [])).toBeGreaterThan(beginOf(attempts[1] ?? []));
    expect(kept(attempts, rowsOf)).toEqual(rowsOf(events));
    expect(kept(attempts, sheetsOf)).toEqual(sheetsOf(events));
    const last = (list: readonly SpoolEvent[]) => eventsOf('checkpoint', list).at(-1)?.manifest.blobs;
    expect(last(attempts[2] ?? [])).toEqual(last(events));
  });

  it('equals one that was stopped between rows and resumed, and the stop writes a checkpoint', async () => {
    const first = newWork(spec);
    const child = startToy(first, 25);
    await lineWhere(first, (event) => event.type === 'metrics' && event.step === 7);
    child.send({ type: 'stop' });
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    const before = linesOf(first);
    expect(before.at(-2)).toMatchObject({ type: 'checkpoint', trigger: 'SIGNAL' });
    expect(before.at(-1)).toMatchObject({ type: 'end', outcome: 'STOPPED' });

    const second = resumed(spec, first);
    await exitOf(startToy(second));
    expect([...rowsOf(before), ...rowsOf(linesOf(second))]).toEqual(rowsOf(events));
  });

  it('is not changed by what a clock triggers', async () => {
    const snapshots = { ...spec.snapshots, sampleSeconds: 0.02, checkpointSeconds: 0.02 };
    const clocked = newWork(tinyTrainSpec({ snapshots }));
    await exitOf(startToy(clocked, 5));
    const seen = linesOf(clocked);
    expect(eventsOf('sample', seen).some(({ trigger }) => trigger === 'CLOCK')).toBe(true);
    expect(eventsOf('checkpoint', seen).some(({ trigger }) => trigger === 'CLOCK')).toBe(true);
    expect(rowsOf(seen)).toEqual(rowsOf(events));
    expect(sheetsOf(seen).filter(({ trigger }) => trigger === 'SCHEDULE')).toEqual(sheetsOf(events));
  });
});

describe('a trainer', () => {
  it('ends when its supervisor is gone', async () => {
    const work = newWork(tinyTrainSpec({ steps: 100_000 }));
    const child = startToy(work, 1);
    await lineWhere(work, (event) => event.type === 'metrics');
    child.disconnect();
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    expect(linesOf(work).at(-1)).toMatchObject({ type: 'end', outcome: 'STOPPED' });
  });

  it('gives up on a spec that it does not know', async () => {
    const work = newWork({ ...tinyTrainSpec(), task: 'DREAM' } as unknown as TrainSpec);
    expect((await exitOf(startToy(work))).code).toBe(64);
    expect(linesOf(work)).toMatchObject([{ type: 'failed', code: 'BAD_SPEC' }]);
  });

  it('says in the code of the engine that memory was not enough, and in its words where', async () => {
    const work = newWork(tinyTrainSpec());
    const message = 'conv2d of [4096, 64, 64, 256] and [4, 4, 256, 512] at train/generator/conv2d: no memory';
    const openTraining = async () => {
      throw new EngineError('OUT_OF_MEMORY', message);
    };
    const spool = openSpool(work, () => {});
    expect(await runTask(work, { ...toyEngine(), openTraining }, spool, new AbortController().signal)).toBe(70);
    expect(linesOf(work)).toMatchObject([{ type: 'failed', code: 'OUT_OF_MEMORY', message }]);
  });

  describe.runIf(existsSync('/dev/full'))('on a full disk', () => {
    /** What is written to one file of the spool meets a disk that is full. */
    const fullAt = (name: string): string => {
      const work = newWork(tinyTrainSpec());
      symlinkSync('/dev/full', join(work, WORK.spool, name));
      return work;
    };

    it('says so and asks for another try', async () => {
      const work = fullAt('sample-20-raw-schedule.png.part');
      expect(await exitOf(startToy(work))).toEqual({ code: 75, signal: null });
      expect(linesOf(work).at(-1)).toMatchObject({ type: 'failed', code: 'DISK_FULL' });
    });

    it('asks for another try though it cannot write a line', async () => {
      expect(await exitOf(startToy(fullAt('events.ndjson')))).toEqual({ code: 75, signal: null });
    });
  });

  it('gives up on a damaged checkpoint', async () => {
    const spec = tinyTrainSpec({ steps: 1 });
    const first = newWork(spec);
    await exitOf(startToy(first));
    const second = resumed(spec, first);
    rmSync(join(second, WORK.checkpoint, 'host.json'));
    cpSync(join(second, WORK.checkpoint, 'manifest.json'), join(second, WORK.checkpoint, 'host.json'));
    expect((await exitOf(startToy(second))).code).toBe(70);
    expect(linesOf(second).at(-1)).toMatchObject({ type: 'failed', message: expect.stringContaining('host.json') });
  });
});
