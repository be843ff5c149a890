/** What is predicted of a trainer's memory against what real trainers take. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { presets } from '../../graph/spec/presets.ts';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { bundle } from '../../infra/local/bundle.ts';
import { batchEntry } from '../../infra/local/entry.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { writeShards } from '../data/shards.ts';
import { estimateMemory } from '../engine/program/memory.ts';
import { nativeDir } from '../engine/testing/native.ts';
import { plannedProgram } from '../models/planned.ts';
import { buildTrainingProgram } from '../models/program.ts';
import { trainerEnvironment } from '../protocol/environment.ts';
import { WORK } from '../protocol.ts';
import { exitOf, linesOf } from './testing/process.ts';
import { makeWorkFolder, specFileOf, tinyDcgan, tinyTrainSpec } from './testing/specs.ts';
import { eventsOf } from './testing/spool.ts';
import { unnormedGan } from './testing/unnormed.ts';

const THREADS = 2;
const PEAK = pathToFileURL(join(import.meta.dirname, 'testing/peak-memory.mjs')).href;

interface Size {
  readonly side: number;
  readonly channels: 1 | 3;
  readonly batchSize: number;
}

/** A training of a preset that is over soon and does all that a long one does. */
function trainingOf(id: string, { side, channels, batchSize }: Size): TrainSpec {
  const preset = presets.find((preset) => preset.id === id);
  if (!preset) throw new RangeError(id);
  const { model, loss, regularizer, ema, schedule, optimizers } = preset;
  const classes = ['even', 'odd'];
  const dataset = { ...tinyTrainSpec().dataset, images: 256, width: side, height: side, channels, classes };
  const snapshots = { ...tinyTrainSpec().snapshots, tickSteps: 2, sampleSteps: 3, checkpointSteps: 2 };
  return tinyTrainSpec({
    ...{
      preset: id,
      model,
      loss,
      regularizer,
      ema,
      schedule,
      optimizers,
      dataset,
      batchSize,
      steps: 6,
      kimg: (6 * batchSize) / 1000,
    },
    snapshots: { ...snapshots, columns: 8, rows: 8 },
    resources: { ...tinyTrainSpec().resources, threads: THREADS, memoryMb: 4096 },
  });
}

/** The trainer as jobs start it. */
async function productEntry(): Promise<string> {
  const { args, lost } = await batchEntry();
  expect(lost).toBeNull();
  return join(String(args[0]), '../trainer/main.js');
}

/** The same, with networks that have no batch norm. */
async function unnormedEntry(): Promise<string> {
  const source = 'batch/trainer/testing/unnormed-trainer';
  return join(await bundle(join(import.meta.dirname, '../..'), [`${source}.ts`]), `${source}.js`);
}

function start(entry: string, work: string, preload: string): ChildProcess {
  return spawn(process.execPath, ['--import', preload, entry, work, nativeDir], {
    env: trainerEnvironment({ threads: THREADS, gpus: 0, memoryMb: 4096 }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Trains to the end; the peak in bytes, and the bytes of the last checkpoint. */
async function measure(spec: TrainSpec, entry: string): Promise<{ peak: number; checkpoint: number }> {
  const work = temporaryFolder();
  const { images, width, height, channels } = spec.dataset;
  const { classes } = spec.dataset;
  const named = { id: 'grey', name: 'grey', classes, source: { kind: 'test', skipped: [], skippedTotal: 0 } };
  const writer = await writeShards({ folder: join(work, WORK.dataset), images, width, height, channels, ...named });
  for (let image = 0; image < images; image++)
    await writer.add(Buffer.alloc(width * height * channels, image), image % 2);
  const { digest } = await writer.finish();
  const file = specFileOf('test-000000000000000001', { ...spec, dataset: { ...spec.dataset, digest } });
  makeWorkFolder(work, file, { v: 1, attempt: 1, resumeFrom: null });
  const report = join(work, 'peak');
  const trainer = start(entry, work, `${PEAK}?to=${report}`);
  expect(await exitOf(trainer)).toEqual({ code: 0, signal: null });
  const sealed = eventsOf('checkpoint', linesOf(work)).at(-1)?.manifest.blobs ?? [];
  return {
    peak: Number(readFileSync(report, 'utf8')) * 1024,
    checkpoint: sealed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

describe.runIf(existsSync(nativeDir))('the predicted peak', () => {
  const sizes: readonly (readonly [preset: string, Size])[] = [
    ...presets.map(({ id }) => [id, { side: 28, channels: 1, batchSize: 32 }] as const),
    // Where state and activations outweigh what every process takes.
    ...presets.map(({ id }) => [id, { side: 64, channels: 3, batchSize: 64 }] as const),
  ];
  it.each(sizes)('of %s at %o is within a fifth of the real one', async (id, size) => {
    const spec = trainingOf(id, size);
    const { peak, checkpoint } = await measure(spec, await productEntry());
    const { total, state } = estimateMemory(plannedProgram(spec));
    expect(total / peak).toBeGreaterThan(0.8);
    expect(total / peak).toBeLessThan(1.2);
    // A header of names and places comes on top.
    expect(checkpoint / state).toBeGreaterThan(1);
    expect(checkpoint / state).toBeLessThan(1.01);
  });

  // A processor without instructions for it takes its time.
  it('of products in bfloat16 is within a fifth of the real one, though factors are held twice', async () => {
    const spec = trainingOf('article-dcgan', { side: 28, channels: 1, batchSize: 32 });
    const rounded: TrainSpec = { ...spec, resources: { ...spec.resources, precision: 'BF16' } };
    const { peak } = await measure(rounded, await productEntry());
    const { total } = estimateMemory(plannedProgram(rounded));
    expect(total / peak).toBeGreaterThan(0.8);
    expect(total / peak).toBeLessThan(1.2);
  }, 300_000);

  /** Many pixels and few products: what its activations take is most of its memory, and it is soon over. */
  const split: TrainSpec = {
    ...trainingOf('article-dcgan', { side: 64, channels: 3, batchSize: 256 }),
    model: { ...tinyDcgan, generatorChannels: [32, 32], discriminatorChannels: [32, 32], kernelSize: 3 },
    steps: 3,
    kimg: 0.768,
  };
  const predicted = (microBatches: number) => {
    const shards = [{ file: '/images', count: split.dataset.images }];
    const { program } = buildTrainingProgram({ ...split, microBatches }, { shards }, { build: unnormedGan });
    return estimateMemory(program).total;
  };

  it.each([1, 4, 16])(
    'of a batch in %i parts is within a fifth of the real one',
    async (microBatches) => {
      const { peak } = await measure({ ...split, microBatches }, await unnormedEntry());
      expect(predicted(microBatches) / peak).toBeGreaterThan(0.8);
      expect(predicted(microBatches) / peak).toBeLessThan(1.2);
    },
    300_000,
  );

  it('is less with each part that a batch is split into', () => {
    expect(predicted(4)).toBeLessThan(0.8 * predicted(1));
    expect(predicted(16)).toBeLessThan(predicted(4));
  });
});
