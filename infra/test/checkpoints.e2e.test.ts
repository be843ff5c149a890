/** What becomes of checkpoints, on a whole local Ganway: trainings start from them, generators leave, other machines go on. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraphModels } from '../../batch/engine/executors/testing/graph-models.ts';
import type { TensorValue } from '../../batch/engine/session.ts';
import { sheetFeeds } from '../../batch/models/feeds.ts';
import { decodeSafetensors, encodeSafetensors } from '../../batch/trainer/safetensors.ts';
import { decodeJson, encodeJson, sha256 } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import { cacheFolder } from '../setup/cache.mjs';
import { prepareTensorFlow } from '../setup/peers.mjs';
import { createProgress } from '../setup/progress.mjs';
import { openStorage, removeHomes, type Stack, startStack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { launchAndWatch, resumeRun, SMALL, sendLaunch, stopRun } from './training.ts';
import { exactRows, type SeenEvent, watchRun } from './watch-run.ts';

/** Some seconds a run. */
const TRAINING = { ...SMALL, kimg: 1.6 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

async function trained(training: object): Promise<{ id: string; events: readonly SeenEvent[] }> {
  const { runId, watcher } = await launchAndWatch(stack, { snapshots: SMALL.snapshots, ...training });
  return { id: runId, events: await watcher.ended };
}
async function checkpointAt(runId: string, step: number): Promise<string> {
  const query = 'query ($id: ID!) { run(id: $id) { checkpoints { edges { node { id step } } } } }';
  const { run } = await stack.graphql<{
    run: { checkpoints: { edges: { node: { id: string; step: number } }[] } };
  }>(query, { id: runId });
  return run.checkpoints.edges.find(({ node }) => node.step === step)?.node.id ?? '';
}
const sheetAt = (events: readonly SeenEvent[], step: number) =>
  events.find((event) => event.sheet?.step === step)?.sheet?.sha256;

let source: Awaited<ReturnType<typeof trained>>;
beforeAll(async () => {
  source = await trained(TRAINING);
}, 240_000);

describe('a training that starts from a checkpoint of another', () => {
  it('begins with its pictures at step 0 and goes its own way', async () => {
    const checkpoint = await checkpointAt(source.id, 100);
    const optimizers = { generator: { learningRate: 0.001 } };
    const fork = await trained({ dataset: 'digits', startFrom: { checkpoint }, optimizers });
    expect(fork.events.at(-1)?.phase).toBe('SUCCEEDED');
    expect(sheetAt(fork.events, 0)).toBe(sheetAt(source.events, 100));
    const steps = fork.events.flatMap((event) => (event.__typename === 'MetricsLogged' ? [event.step] : []));
    expect(steps).toEqual(Array.from({ length: 10 }, (_, i) => 10 * (i + 1)));
    const own = exactRows(fork.events);
    expect(exactRows(source.events).filter((row) => own.includes(row))).toEqual([]);

    const query = `query ($id: ID!) { run(id: $id) { spec { batchSize seed model { generatorChannels }
      optimizers { generator { learningRate beta1 } } startFrom { checkpoint step run { id } } } } }`;
    const { run } = await stack.graphql<{ run: { spec: object } }>(query, { id: fork.id });
    expect(run.spec).toEqual({
      batchSize: 16,
      seed: 7,
      model: { generatorChannels: [32, 16, 8] },
      optimizers: { generator: { learningRate: 0.001, beta1: 0.5 } },
      startFrom: { checkpoint, step: 100, run: { id: source.id } },
    });
  }, 240_000);

  it('is refused in sentences where the checkpoint does not fit or is none', async () => {
    const checkpoint = await checkpointAt(source.id, 50);
    const model = { generatorChannels: [32, 16, 4] };
    const { issues } = await sendLaunch(stack, { dataset: 'digits', startFrom: { checkpoint }, model });
    expect(issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([
      'training.model DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
    ]);
    expect(issues?.[3]?.message).toMatch(/^generator\/stage3\/kernel is float32 \[4, 4, 1, 8\] in the checkpoint and /);
    const startFrom = { checkpoint: `${source.id}~checkpoint~50~9` };
    const none = await sendLaunch(stack, { dataset: 'digits', startFrom });
    expect(none.issues).toMatchObject([{ path: ['training', 'startFrom', 'checkpoint'], code: 'UNKNOWN_CHECKPOINT' }]);
  }, 60_000);
});

describe('an export of a checkpoint', () => {
  interface RunFile {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly url: string;
  }
  const TASK = `mutation ($input: LaunchTaskInput!) { launchTask(input: $input) {
    ... on LaunchTaskSuccess { run { id } } ... on UserError { message } } }`;
  const files = new Map<string, Buffer>();
  /** Latents of the sheets of the trained run, and the last sheet. */
  let z: TensorValue;
  let sheet: Buffer;
  let exported: readonly SeenEvent[];

  beforeAll(async () => {
    const checkpoint = await checkpointAt(source.id, 100);
    const task = { export: { checkpoint, formats: ['SAFETENSORS', 'SAVED_MODEL', 'TFJS'] } };
    const input = { idempotencyKey: 'export', task };
    const { launchTask } = await stack.graphql<{ launchTask: { run: { id: string } } }>(TASK, { input });
    exported = await watchRun(stack.ready.graphql, launchTask.run.id).ended;
    const query = `query ($id: ID!, $from: ID!) { exported: run(id: $id) { files { name bytes sha256 url } }
      trained: run(id: $from) { specJson latestSample { url } } }`;
    const variables = { id: launchTask.run.id, from: source.id };
    const { exported: run, trained } = await stack.graphql<{
      exported: { files: RunFile[] };
      trained: { specJson: string; latestSample: { url: string } };
    }>(query, variables);
    const fetched = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
    for (const { name, bytes, sha256: hash, url } of run.files) {
      const content = await fetched(url);
      expect([name, content.length, sha256(content)]).toEqual([name, bytes, hash]);
      files.set(name, content);
    }
    ({ z = z } = sheetFeeds(JSON.parse(trained.specJson)));
    sheet = await sharp(await fetched(trained.latestSample.url))
      .extractChannel(0)
      .raw()
      .toBuffer();
  }, 240_000);

  /** The grid of 4×4 images of 28×28, as grey levels. */
  const levelsOf = (images: ArrayLike<number>): Uint8ClampedArray => {
    const levels = new Uint8ClampedArray(112 * 112);
    for (let at = 0; at < images.length; at++) {
      const [cell, y, x] = [Math.floor(at / 784), Math.floor(at / 28) % 28, at % 28];
      levels[(Math.floor(cell / 4) * 28 + y) * 112 + (cell % 4) * 28 + x] = ((images[at] ?? 0) + 1) * 127.5;
    }
    return levels;
  };
  /** Rounding may fall to the other side of a half. */
  const expectTheSheet = (images: ArrayLike<number>) => {
    const levels = levelsOf(images);
    const distances = Array.from(sheet, (level, at) => Math.abs(level - (levels[at] ?? Number.NaN)));
    expect(distances).toHaveLength(112 * 112);
    expect(Math.max(...distances)).toBeLessThanOrEqual(1);
    expect(new Set(sheet).size).toBeGreaterThan(20);
  };

  it('is a run that ends well, with every file and where it comes from', () => {
    expect(exported.flatMap(({ phase }) => phase ?? [])).toEqual(['QUEUED', 'STARTING', 'SUCCEEDED']);
    const provenance = JSON.parse(String(files.get('provenance.json')));
    expect(provenance.checkpoint).toMatchObject({ run: source.id, step: 100, kimg: 1.6 });
    expect(provenance.dataset).toMatchObject({ id: 'digits' });
    expect([...files.keys()].sort()).toEqual([
      'generator.safetensors',
      'provenance.json',
      'saved_model/assets.extra/provenance.json',
      'saved_model/saved_model.pb',
      'tfjs/group1-shard1of1.bin',
      'tfjs/model.json',
    ]);
  });

  it("draws the run's own sheet in stock TF.js", async () => {
    const models = await startGraphModels();
    const tfjs = [...files].flatMap(([name, bytes]) =>
      name.startsWith('tfjs/') ? [{ name: name.slice('tfjs/'.length), bytes }] : [],
    );
    const { outputs, metadata } = await models.run(tfjs, { z }, ['images']);
    await models.close();
    expectTheSheet(outputs.images?.data ?? []);
    expect(metadata).toEqual({ provenance: JSON.parse(String(files.get('provenance.json'))) });
  }, 60_000);

  it("draws the run's own sheet in Python's TensorFlow", async () => {
    const progress = createProgress();
    const python = await prepareTensorFlow({ cache: cacheFolder(), progress });
    progress.close();
    const folder = temporaryFolder();
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const [given, made] = [join(folder, 'z.safetensors'), join(folder, 'images.safetensors')];
    writeFileSync(given, Buffer.concat(encodeSafetensors(new Map([['z', z]]))));
    const script = fileURLToPath(new URL('peers/saved_model.py', import.meta.url));
    await promisify(execFile)(python, [script, join(folder, 'saved_model'), given, made], { timeout: 300_000 });
    expectTheSheet(decodeSafetensors(readFileSync(made)).get('images')?.data ?? []);
  }, 1_800_000);
});

describe('a checkpoint that was written under other numerics', () => {
  it('is continued, and the attempt says that it is not exact and why', async () => {
    const { runId, watcher: first } = await launchAndWatch(stack, { ...SMALL, kimg: 100_000 });
    await first.until((event) => (event.step ?? 0) >= 20);
    await stopRun(stack, runId);
    const stopped = await first.ended;
    const at = stopped.findLast((event) => event.checkpoint)?.checkpoint?.step ?? -1;

    const store = openStorage(stack.ready);
    const key = `${keys.checkpoint(runId, at, 1)}manifest.json`;
    const manifest = decodeJson((await store.get(key))?.body ?? Buffer.from('null')) as { numerics: object };
    const numerics = { ...manifest.numerics, instructionSet: 'x64 of another machine', threads: 64 };
    await store.put(key, encodeJson({ ...manifest, numerics }));

    await resumeRun(stack, runId);
    const second = watchRun(stack.ready.graphql, runId, stopped.at(-1)?.cursor ?? null);
    await second.until((event) => (event.step ?? 0) > at);
    await stopRun(stack, runId);
    await second.ended;
    const query = 'query ($id: ID!) { run(id: $id) { attempts { number resumedFromStep exact differs } } }';
    expect((await stack.graphql<{ run: { attempts: unknown } }>(query, { id: runId })).run.attempts).toEqual([
      { number: 1, resumedFromStep: null, exact: true, differs: [] },
      { number: 2, resumedFromStep: at, exact: false, differs: ['instructionSet', 'threads'] },
    ]);
  }, 240_000);
});
