/** Launches that start from another run's checkpoint, through the API. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../functions/testing/asking.ts';
import { attemptStarted, checkpoint, trainingStarted } from '../../functions/testing/events.ts';
import { at, openWorld, stranger, viewer, type World } from '../../functions/testing/world.ts';
import { launchTraining } from '../run/launch.ts';
import type { DatasetManifest } from '../spec/dataset.ts';
import { parseManifest } from '../spec/dataset.ts';
import type { TrainingInput } from '../spec/input.ts';
import { decodeJson, encodeJson, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';

let world: World;
/** A run with checkpoints at steps 10 and 20, each of attempt 1. */
let source: string;
const SOURCE: TrainingInput = {
  dataset: 'digits',
  preset: 'article-mlp',
  seed: 7,
  kimg: 3.2,
  batchSize: 16,
  model: { latentSize: 8, generatorWidths: [16], discriminatorWidths: [12] },
  loss: { kind: 'MINIMAX' },
  optimizers: { generator: { learningRate: 0.001 } },
};

beforeAll(async () => {
  world = await openWorld();
  source = await trained(SOURCE);
  const digits = parseManifest(
    decodeJson((await world.g.store.get(keys.datasetManifest('digits')))?.body ?? Buffer.from('')),
  );
  const addDataset = (id: string, change: Partial<DatasetManifest>) =>
    world.g.store.put(keys.datasetManifest(id), encodeJson({ ...digits, id, name: id, ...change }));
  await addDataset('letters', { images: 500 });
  await addDataset('photos', { width: 32, height: 32, channels: 3 });
});
afterAll(() => world.close());

async function trained(training: TrainingInput, as = viewer): Promise<string> {
  const launched = await launchTraining(world.g, as, { idempotencyKey: randomUUID(), training });
  if (launched.kind !== 'launched') throw new Error(JSON.stringify(launched));
  const { runId } = launched.run.file;
  for (const step of [10, 20]) {
    const manifest = `${keys.checkpoint(runId, step, 1)}manifest.json`;
    await world.g.store.put(manifest, encodeJson({ v: 1, runId, step }));
  }
  await world.say(runId, attemptStarted(1), trainingStarted(1, 0), checkpoint(runId, 10), checkpoint(runId, 20));
  return runId;
}
const idOf = async (runId: string, step = 20): Promise<string> => {
  const { run } = await dataOf(world, `{ run(id: "${runId}") { checkpoints { edges { node { id step runId } } } } }`);
  const { node } = run.checkpoints.edges.find(({ node }: { node: { step: number } }) => node.step === step);
  expect(node.runId).toBe(runId);
  return node.id;
};

const PLAN = `query ($input: TrainingInput!) { planTraining(input: $input) { __typename
  ... on TrainingPlan { specJson }
  ... on ValidationFailed { message issues { path code message } } } }`;
const plan = async (training: TrainingInput) => (await dataOf(world, PLAN, { input: training })).planTraining;
const specOf = async (training: TrainingInput) => JSON.parse((await plan(training)).specJson);
const problemsOf = async (training: TrainingInput): Promise<string[]> =>
  (await plan(training)).issues.map(
    ({ path, code, message }: Record<string, string>) => `${String(path)} ${code} ${message}`,
  );

describe('a training that starts from a checkpoint', () => {
  it("is that of the checkpoint's run where the input is silent, and pins the checkpoint by its digest", async () => {
    const id = await idOf(source);
    const from = await specOf(SOURCE);
    const spec = await specOf({ dataset: 'letters', startFrom: { checkpoint: id } });
    for (const part of ['preset', 'model', 'loss', 'optimizers', 'batchSize', 'kimg', 'seed', 'steps']) {
      expect([part, spec[part]]).toEqual([part, from[part]]);
    }
    expect(from).not.toHaveProperty('startFrom.digest');
    expect(spec.dataset.id).toBe('letters');
    const digest = sha256(encodeJson({ v: 1, runId: source, step: 20 }));
    expect(spec.startFrom).toEqual({ id, runId: source, step: 20, attempt: 1, digest });
  });

  it('has the hyper-parameters that the input changes', async () => {
    const startFrom = { checkpoint: await idOf(source, 10) };
    const change = { kimg: 6.4, batchSize: 32, seed: 1, loss: { kind: 'NON_SATURATING' } } as const;
    const optimizers = { generator: { beta1: 0 } };
    const spec = await specOf({ dataset: 'digits', startFrom, ...change, optimizers, model: { dropout: 0.1 } });
    expect(spec).toMatchObject({ ...change, steps: 200, startFrom: { step: 10 } });
    expect(spec.optimizers.generator).toMatchObject({ learningRate: 0.001, beta1: 0 });
    expect(spec.model).toMatchObject({ dropout: 0.1, generatorWidths: [16] });
  });

  it('is launched, says where it comes from, and goes on saying so when that is deleted', async () => {
    const parent = await trained(SOURCE);
    const id = await idOf(parent);
    const training = { dataset: 'digits', startFrom: { checkpoint: id } };
    const { launchTraining } = await dataOf(
      world,
      `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) { ... on LaunchTrainingSuccess { run { id } } } }`,
      { input: { idempotencyKey: randomUUID(), training } },
    );
    const query = `{ run(id: "${launchTraining.run.id}") { spec { startFrom { checkpoint step digest run { id } } } } }`;
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect((await dataOf(world, query)).run.spec.startFrom).toEqual({
      checkpoint: id,
      step: 20,
      digest,
      run: { id: parent },
    });
    await world.say(parent, { type: 'RUN_ENDED', at: at(99), phase: 'STOPPED', reason: null });
    await dataOf(world, `mutation { deleteRun(id: "${parent}") { __typename } }`);
    expect((await dataOf(world, query)).run.spec.startFrom).toEqual({ checkpoint: id, step: 20, digest, run: null });
    expect(await problemsOf(training)).toEqual([expect.stringMatching(/^startFrom,checkpoint UNKNOWN_CHECKPOINT /)]);
  });

  it('starts from nowhere where there is no such checkpoint, and nobody learns whether others have one', async () => {
    const foreign = await trained({ dataset: 'digits' }, stranger);
    const rewound = await trained(SOURCE);
    const superseded = await idOf(rewound);
    await world.say(rewound, attemptStarted(2, 10));
    const missing = [
      'nonsense',
      'digits',
      source,
      `${source}~checkpoint~30~1`,
      `${foreign}~checkpoint~20~1`,
      superseded,
    ];
    for (const id of missing) {
      expect(await problemsOf({ dataset: 'digits', startFrom: { checkpoint: id } })).toEqual([
        `startFrom,checkpoint UNKNOWN_CHECKPOINT There is no checkpoint "${id}". The checkpoints of a run list their ids.`,
      ]);
    }
    expect(await problemsOf({ dataset: 'digit', kimg: -1, startFrom: { checkpoint: 'nonsense' } })).toHaveLength(3);
  });

  it('is refused with every tensor that differs where it has other networks', async () => {
    const startFrom = { checkpoint: await idOf(source) };
    const model = { generatorWidths: [16, 4], latentSize: 9 };
    const tensors = [
      'generator/hidden1/kernel is float32 [8, 16] in the checkpoint and float32 [9, 16] in this training.',
      'generator/hidden2/kernel is float32 [16, 4] in this training and missing in the checkpoint.',
      'generator/hidden2/norm/bias is float32 [4] in this training and missing in the checkpoint.',
      'generator/hidden2/norm/gain is float32 [4] in this training and missing in the checkpoint.',
      'generator/hidden2/norm/mean is float32 [4] in this training and missing in the checkpoint.',
      'generator/hidden2/norm/variance is float32 [4] in this training and missing in the checkpoint.',
      'generator/image/kernel is float32 [16, 784] in the checkpoint and float32 [4, 784] in this training.',
    ];
    expect(await problemsOf({ dataset: 'digits', startFrom, model })).toEqual([
      'model DOES_NOT_FIT_CHECKPOINT These are not the networks of the checkpoint. ' +
        'Leave preset and model out to take its own.',
      ...tensors.map((tensor) => `startFrom,checkpoint DOES_NOT_FIT_CHECKPOINT ${tensor}`),
    ]);
    expect(await problemsOf({ dataset: 'digits', startFrom, model, microBatches: 2 })).toEqual([
      expect.stringMatching(/^microBatches DOES_NOT_FIT_MODEL generator\/hidden1\/norm: batch norm /),
      expect.stringMatching(/^model DOES_NOT_FIT_CHECKPOINT /),
      ...tensors.map((tensor) => `startFrom,checkpoint DOES_NOT_FIT_CHECKPOINT ${tensor}`),
    ]);
    const other = await problemsOf({ dataset: 'digits', startFrom, preset: 'article-dcgan' });
    expect(other[0]).toMatch(/^model DOES_NOT_FIT_CHECKPOINT /);
    expect(other).toContainEqual(
      expect.stringContaining('generator/image/kernel is float32 [16, 784] in the checkpoint and missing'),
    );
  });

  it('is refused with every tensor that differs where its images are of another size', async () => {
    const startFrom = { checkpoint: await idOf(source) };
    const tensors = [
      'discriminator/hidden1/kernel is float32 [784, 12] in the checkpoint and float32 [3072, 12] in this training.',
      'generator/image/bias is float32 [784] in the checkpoint and float32 [3072] in this training.',
      'generator/image/kernel is float32 [16, 784] in the checkpoint and float32 [16, 3072] in this training.',
    ];
    expect(await problemsOf({ dataset: 'photos', startFrom })).toEqual([
      'dataset DOES_NOT_FIT_CHECKPOINT The checkpoint learned from images of 28×28×1; those of "photos" are 32×32×3.',
      ...tensors.map((tensor) => `startFrom,checkpoint DOES_NOT_FIT_CHECKPOINT ${tensor}`),
    ]);
  });
});
