/** The export of a checkpoint by a trainer process that has no TensorFlow, from its work folder to the files in its spool. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ExportFormat, ExportSpec, TrainSpec } from '../../graph/spec/spec.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { sizeOf } from '../engine/program/shape.ts';
import { checkpointState } from '../engine/program/state.ts';
import type { TensorValue } from '../engine/session.ts';
import { samples } from '../engine/testing/samples.ts';
import { buildTrainingProgram } from '../models/program.ts';
import { EXIT, type Numerics, type SpoolEvent, WORK } from '../protocol.ts';
import { writeCheckpoint } from '../trainer/checkpoint.ts';
import { FIRST } from '../trainer/host-state.ts';
import { decodeSafetensors } from '../trainer/safetensors.ts';
import { openSpool } from '../trainer/spool.ts';
import { linesOf } from '../trainer/testing/process.ts';
import { makeWorkFolder, specFileOf, TINY_CLASSES, tinyR3gan, tinyTrainSpec } from '../trainer/testing/specs.ts';
import { openWorkFolder } from '../trainer/work-folder.ts';
import { runExport } from './export.ts';

const MAIN = fileURLToPath(new URL('../trainer/main.ts', import.meta.url));
const ALL: ExportFormat[] = ['SAFETENSORS', 'SAVED_MODEL', 'TFJS'];
const RUN = 'test-000000000000000002';

/** All state of a training, with numbers of no meaning. */
function stateOf(spec: TrainSpec): Map<string, TensorValue> {
  const shards = [{ file: '/none', labels: '/none', count: spec.dataset.images }];
  const { program } = buildTrainingProgram(spec, { shards });
  return new Map(
    checkpointState(program.state).map(({ name, shape }, index) => [
      name,
      { dtype: 'float32', shape, data: samples(sizeOf(shape), index).map(Math.abs) },
    ]),
  );
}

/** A work folder of the task over a checkpoint of `trained`. */
async function prepared(formats: readonly ExportFormat[], trained = tinyTrainSpec(), training = tinyTrainSpec()) {
  const work = temporaryFolder();
  const checkpoint = { id: `${RUN}~checkpoint~60~1`, runId: RUN, step: 60, attempt: 1, digest: 'd'.repeat(64) };
  const { resources, limits } = training;
  const spec: ExportSpec = { v: 1, task: 'EXPORT', checkpoint, training, formats: [...formats], resources, limits };
  makeWorkFolder(work, specFileOf('test-000000000000000001', spec), { v: 1, attempt: 1, resumeFrom: null });
  // What an earlier start had left.
  mkdirSync(join(work, WORK.spool, 'export', 'tfjs'), { recursive: true });
  writeFileSync(join(work, WORK.spool, 'export', 'tfjs', 'group1-shard2of2.bin'), 'half');
  const state = stateOf(trained);
  const origin = { runId: RUN, attempt: 1, specSha256: '', numerics: {} as Numerics };
  await writeCheckpoint(join(work, WORK.source), { host: { ...FIRST, step: 60, images: 480 }, state }, origin);
  return { work, state };
}

/** Runs the task and resolves to what it said and left. */
async function exported(...how: Parameters<typeof prepared>) {
  const { work, state } = await prepared(...how);
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, work], { stdio: ['ignore', 'ignore', 'ignore'] });
  const [code] = await once(child, 'exit');
  const events: SpoolEvent[] = linesOf(work);
  const said = events.find((event) => event.type === 'files');
  const path = (name: string) => join(work, WORK.spool, said?.folder ?? '', name);
  return { work, code, events, files: said?.files ?? [], path, state };
}

it('leaves every format, each with the place it comes from, and says them all at once', async () => {
  const { work, code, events, files, path } = await exported(ALL);
  expect(code).toBe(EXIT.done);
  expect(events.map(({ type }) => type)).toEqual(['progress', 'progress', 'progress', 'files', 'end']);
  expect(events.flatMap((event) => (event.type === 'progress' ? [event.fraction] : []))).toEqual([1 / 3, 2 / 3, 1]);
  expect(events.at(-1)).toMatchObject({ outcome: 'DONE' });
  expect(files.map(({ name }) => name).sort()).toEqual([
    'generator.safetensors',
    'provenance.json',
    'saved_model/assets.extra/provenance.json',
    'saved_model/saved_model.pb',
    'tfjs/group1-shard1of1.bin',
    'tfjs/model.json',
  ]);
  for (const { name, bytes, sha256: hash } of files) {
    const content = readFileSync(path(name));
    expect([name, content.length, sha256(content)]).toEqual([name, bytes, hash]);
  }
  const left = readdirSync(path(''), { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => statSync(path(name)).isFile())).toHaveLength(files.length);
  expect(readdirSync(work).sort()).toEqual(['source', 'spec.json', 'spool', 'start.json']);
});

it('holds the generator alone, and in each format the same account of where it comes from', async () => {
  const { path, state } = await exported(ALL);
  const provenance = JSON.parse(readFileSync(path('provenance.json'), 'utf8'));
  expect(provenance).toMatchObject({
    note: expect.stringMatching(/generated by a GAN/),
    generatedBy: `Ganway ${packageFile.version}`,
    export: { run: 'test-000000000000000001', formats: ALL },
    checkpoint: { run: RUN, step: 60, attempt: 1, kimg: 0.48, sha256: 'd'.repeat(64) },
    dataset: { id: 'tiny', sha256: '0'.repeat(64), images: 64 },
    weights: 'raw',
    input: { name: 'z', shape: [-1, 8] },
    labels: null,
    output: { name: 'images', shape: [-1, 16, 16, 1] },
  });
  const extra = readFileSync(path('saved_model/assets.extra/provenance.json'), 'utf8');
  expect(JSON.parse(extra)).toEqual(provenance);
  const model = JSON.parse(readFileSync(path('tfjs/model.json'), 'utf8'));
  expect(model.userDefinedMetadata).toEqual({ provenance });

  const bytes = readFileSync(path('generator.safetensors'));
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
  expect(JSON.parse(header.__metadata__.provenance)).toEqual(provenance);
  const tensors = decodeSafetensors(bytes);
  const generator = [...state].filter(([name]) => name.startsWith('generator/'));
  expect([...tensors].sort()).toEqual(generator.sort());
  const saved = readFileSync(path('saved_model/saved_model.pb'));
  const graphs = JSON.stringify(model.modelTopology) + saved.toString('latin1');
  expect(/discriminator|adam/.exec(graphs)?.[0]).toBeUndefined();
});

it('holds the weights of the checkpoint in graphs that take any number of rows', async () => {
  const { path, state } = await exported(ALL);
  const saved = readFileSync(path('saved_model/saved_model.pb'));
  const pieces = readFileSync(path('tfjs/group1-shard1of1.bin'));
  const generator = [...state].filter(([name]) => name.startsWith('generator/'));
  expect(generator.length).toBeGreaterThan(4);
  for (const [name, { data }] of generator) {
    const weights = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    expect([name, saved.includes(weights), pieces.includes(weights)]).toEqual([name, true, true]);
  }
  for (const word of ['serving_default', 'tensorflow/serving/predict']) expect(saved.includes(word)).toBe(true);
  const { format, signature } = JSON.parse(readFileSync(path('tfjs/model.json'), 'utf8'));
  expect(format).toBe('graph-model');
  expect(signature.inputs.z).toMatchObject({ name: 'z:0', tensorShape: { dim: [{ size: '-1' }, { size: '8' }] } });
});

it('is of the averaged weights under the names of the networks, and takes labels, where the training had them', async () => {
  const { dataset } = tinyTrainSpec();
  const spec = tinyTrainSpec({ ...tinyR3gan, dataset: { ...dataset, classes: TINY_CLASSES } });
  const { path, state } = await exported(ALL, spec, spec);
  const tensors = decodeSafetensors(readFileSync(path('generator.safetensors')));
  const averages = [...state].filter(([name]) => name.startsWith('ema/'));
  expect([...tensors].sort()).toEqual(averages.map(([name, value]) => [name.slice('ema/'.length), value]).sort());
  expect(JSON.parse(readFileSync(path('provenance.json'), 'utf8'))).toMatchObject({
    weights: 'ema',
    labels: { name: 'labels', dtype: 'int32', shape: [-1], values: expect.stringContaining('0 to 2') },
    dataset: { classes: TINY_CLASSES },
  });
  const saved = readFileSync(path('saved_model/saved_model.pb'));
  for (const [, { data }] of averages) {
    expect(saved.includes(Buffer.from(data.buffer, data.byteOffset, data.byteLength))).toBe(true);
  }
  const { signature } = JSON.parse(readFileSync(path('tfjs/model.json'), 'utf8'));
  expect(signature.inputs.labels).toMatchObject({ dtype: 'DT_INT32', tensorShape: { dim: [{ size: '-1' }] } });
});

it('makes what is asked for and nothing else', async () => {
  const { files } = await exported(['TFJS']);
  expect(files.map(({ name }) => name)).toEqual(['tfjs/model.json', 'tfjs/group1-shard1of1.bin', 'provenance.json']);
});

it('says no file where it is stopped before it has them all', async () => {
  const { work } = await prepared(['TFJS']);
  vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const folder = openWorkFolder(work, openSpool(work), AbortSignal.abort());
  expect(await runExport(folder)).toBe('STOPPED');
  expect(linesOf(work).map(({ type }) => type)).toEqual(['progress']);
});

it('gives up where the checkpoint is not of these networks, naming each tensor, and says no file', async () => {
  const other = tinyTrainSpec();
  const { code, events } = await exported(ALL, { ...other, model: { ...other.model, latentSize: 9 } });
  expect(code).toBe(EXIT.badSpec);
  expect(events).toEqual([
    {
      type: 'failed',
      at: expect.any(String),
      code: 'BAD_SPEC',
      message:
        'The checkpoint does not fit: ' +
        'generator/hidden1/kernel is float32 [9, 16] in the checkpoint and float32 [8, 16] in this training.',
    },
  ]);
});
