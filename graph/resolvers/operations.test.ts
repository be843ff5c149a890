import { randomUUID } from 'node:crypto';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../functions/testing/asking.ts';
import { attemptStarted, metrics, trainingStarted } from '../../functions/testing/events.ts';
import { at, ORIGIN, openWorld, viewer, type World } from '../../functions/testing/world.ts';
import { START } from '../run/cursor.ts';
import { readEvents } from '../run/replay.ts';
import { schema } from '../schema.ts';
import { createContext } from './context.ts';
import { executeBatch } from './subscription.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const data = (source: string, variables?: Record<string, unknown>) => dataOf(world, source, variables);

const LAUNCH = `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) { __typename
  ... on LaunchTrainingSuccess { replayed run { id phase } }
  ... on ValidationFailed { issues { path code message } }
  ... on IdempotencyConflict { run { id } }
  ... on QuotaExceeded { quota limit used resetAt }
  ... on UserError { message } } }`;

describe('launchTraining', () => {
  it('makes one run and one job of one key, however often it is sent', async () => {
    const before = world.jobs.length;
    const input = { idempotencyKey: randomUUID(), training: { dataset: 'digits', kimg: 3.2 } };
    const launches = await Promise.all(Array.from({ length: 10 }, () => data(LAUNCH, { input })));
    const ids = new Set(launches.map(({ launchTraining }) => launchTraining.run.id));
    expect(ids.size).toBe(1);
    expect(launches.filter(({ launchTraining }) => !launchTraining.replayed)).toHaveLength(1);
    expect(world.jobs.length).toBe(before + 1);
    const other = { ...input, training: { dataset: 'digits', kimg: 6.4 } };
    expect((await data(LAUNCH, { input: other })).launchTraining).toMatchObject({
      __typename: 'IdempotencyConflict',
      run: { id: [...ids][0] },
    });
  });

  it('reports every problem at its path and starts nothing', async () => {
    const before = world.jobs.length;
    const training = { preset: 'article-dcgn', dataset: 'digit', kimg: -1, optimizers: { generator: { beta1: 2 } } };
    const { launchTraining } = await data(LAUNCH, { input: { idempotencyKey: 'k', training } });
    expect(launchTraining.__typename).toBe('ValidationFailed');
    expect(launchTraining.issues.map(({ path }: { path: string[] }) => path.join('.')).sort()).toEqual([
      'training.dataset',
      'training.kimg',
      'training.optimizers.generator.beta1',
      'training.preset',
    ]);
    for (const { message } of launchTraining.issues) expect(launchTraining.message).toContain(message);
    expect(world.jobs.length).toBe(before);
  });

  it('knows no project of others', async () => {
    const input = { idempotencyKey: 'k', project: 'other', training: { dataset: 'digits' } };
    expect((await data(LAUNCH, { input })).launchTraining.__typename).toBe('NotFound');
  });
});

describe('the life of a run', () => {
  it('is stopped, resumed, updated and deleted by mutations that say what is in the way', async () => {
    const id = await world.newRun();
    const mutate = async (field: string, selection: string) =>
      (await data(`mutation { done: ${field} { __typename ${selection} ... on UserError { message } } }`)).done;
    const RUN = '... on InvalidState { run { phase } }';
    expect(await mutate(`resumeRun(id: "${id}")`, RUN)).toMatchObject({
      __typename: 'InvalidState',
      run: { phase: 'QUEUED' },
    });
    expect(await mutate(`deleteRun(id: "${id}")`, RUN)).toMatchObject({ __typename: 'InvalidState' });
    expect(await mutate(`stopRun(id: "${id}")`, '... on StopRunSuccess { run { phase reason { code } } }')).toEqual({
      __typename: 'StopRunSuccess',
      run: { phase: 'STOPPING', reason: { code: 'STOPPED_BY_USER' } },
    });
    await world.say(id, { type: 'RUN_ENDED', at: at(1), phase: 'STOPPED', reason: null });
    expect(await mutate(`resumeRun(id: "${id}")`, '... on LaunchTrainingSuccess { replayed run { phase } }')).toEqual({
      __typename: 'LaunchTrainingSuccess',
      replayed: false,
      run: { phase: 'QUEUED' },
    });
    const UPDATED = '... on UpdateRunSuccess { run { name labels notes pinned } }';
    expect(
      await mutate(
        `updateRun(input: { id: "${id}", name: "n", labels: ["a", "a"], notes: "x", pinned: true })`,
        UPDATED,
      ),
    ).toMatchObject({ run: { name: 'n', labels: ['a'], notes: 'x', pinned: true } });
    expect(await mutate(`updateRun(input: { id: "${id}", name: "" })`, UPDATED)).toMatchObject({
      run: { name: null, notes: 'x' },
    });
    expect(await mutate(`updateRun(input: { id: "${id}", labels: ["two words"] })`, UPDATED)).toMatchObject({
      __typename: 'ValidationFailed',
    });
    await world.say(id, { type: 'RUN_ENDED', at: at(2), phase: 'STOPPED', reason: null });
    expect(await mutate(`deleteRun(id: "${id}")`, '... on DeleteRunSuccess { id }')).toEqual({
      __typename: 'DeleteRunSuccess',
      id,
    });
    expect((await data(`{ run(id: "${id}") { id } }`)).run).toBeNull();
  });

  it('answers "not found" for what is not there', async () => {
    const id = 'lab-000000000000000000';
    for (const field of [
      `stopRun(id: "${id}")`,
      `resumeRun(id: "${id}")`,
      `deleteRun(id: "${id}")`,
      `updateRun(input: { id: "${id}" })`,
    ]) {
      const { done } = await data(`mutation { done: ${field} { __typename } }`);
      expect([field, done.__typename]).toEqual([field, 'NotFound']);
    }
  });
});

describe('uploads and imports', () => {
  const IMPORT = `mutation ($input: LaunchTaskInput!) { launchTask(input: $input) { __typename
    ... on LaunchTaskSuccess { run { id task name spec { seed } dataset { id } progress } }
    ... on ValidationFailed { issues { path code } } } }`;

  it('become a run once the file has arrived', async () => {
    const file = { name: 'photos.zip', bytes: 5, sha256: 'f'.repeat(64) };
    const { createUpload: upload } = await data(
      `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { __typename
        ... on Upload { id url headers { name value } expiresAt } } }`,
      { input: file },
    );
    expect(upload.__typename).toBe('Upload');
    expect(upload.url.startsWith(ORIGIN)).toBe(true);
    const input = {
      idempotencyKey: randomUUID(),
      task: { importDataset: { uploads: [upload.id], name: 'Photos', size: 64 } },
    };
    expect((await data(IMPORT, { input })).launchTask).toEqual({
      __typename: 'ValidationFailed',
      issues: [{ path: ['task', 'importDataset', 'uploads', '0'], code: 'UPLOAD_INCOMPLETE' }],
    });
    await world.g.store.put(`projects/lab/uploads/${upload.id}/file`, Buffer.from('12345'));
    expect((await data(IMPORT, { input })).launchTask).toMatchObject({
      __typename: 'LaunchTaskSuccess',
      run: { task: 'IMPORT', name: 'Photos', spec: null, dataset: null, progress: 0 },
    });
  });

  it('of impossible files are refused with every reason', async () => {
    const input = { name: '', bytes: -1, sha256: 'nonsense' };
    const { createUpload } = await data(
      `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ... on ValidationFailed { issues { path } } } }`,
      { input },
    );
    expect(createUpload.issues.map(({ path }: { path: string[] }) => path[0]).sort()).toEqual([
      'bytes',
      'name',
      'sha256',
    ]);
  });
});

describe('lists', () => {
  it('of runs come newest first, in pages, filtered', async () => {
    const ids: string[] = [];
    for (const name of ['alpha one', 'alpha two', 'beta']) ids.unshift(await world.newRun(name));
    const LIST = `query ($first: Int, $after: String, $filter: RunFilter) { runs(first: $first, after: $after, filter: $filter) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
    const read = async (variables: Record<string, unknown>) => {
      const { runs } = await data(LIST, variables);
      return { ids: runs.edges.map(({ node }: { node: { id: string } }) => node.id), page: runs.pageInfo };
    };
    const first = await read({ first: 2 });
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(first.page.hasNextPage).toBe(true);
    expect((await read({ first: 1, after: first.page.endCursor })).ids).toEqual(ids.slice(2));
    expect((await read({ filter: { nameContains: 'ALPHA' } })).ids).toEqual(ids.slice(1));
    expect((await read({ filter: { phases: ['FAILED'] } })).ids).toEqual([]);
  });

  it('of data sets and presets show what a training can start from', async () => {
    const found = await data(`{ presets { id title description specJson }
      datasets { edges { node { id name digest images width height channels classes } } } dataset(id: "digits") { name }
      server { version limits { depth cost } features { name } } viewer { id projects { id role } } }`);
    expect(found.datasets.edges).toMatchObject([{ node: { id: 'digits', images: 10_000, channels: 1 } }]);
    expect(found.presets.map(({ id }: { id: string }) => id)).toEqual(['r3gan', 'article-dcgan', 'article-mlp']);
    expect(JSON.parse(found.presets[0].specJson)).toMatchObject({ model: { architecture: 'R3GAN' }, ema: {} });
    expect(found.server).toMatchObject({ version: '1.2.3', limits: { depth: 12, cost: 20_000 } });
    expect(found.viewer).toEqual({ id: 'ada', projects: [{ id: 'lab', role: 'ADMIN' }] });
  });
});

describe('planTraining', () => {
  it('resolves every default and starts nothing', async () => {
    const before = world.jobs.length;
    const { planTraining } =
      await data(`{ planTraining(input: { dataset: "digits", preset: "article-mlp", kimg: 1 }) { __typename
      ... on TrainingPlan { spec { kimg batchSize steps model { architecture generatorWidths generatorChannels dropout }
        loss { kind } optimizers { generator { learningRate beta1 } } snapshots { tickSteps columns } resources { threads precision }
        limits { maxRuntime } } warnings { code } estimate { seconds { low } } offers { instanceType } specJson } } }`);
    expect(planTraining).toMatchObject({
      __typename: 'TrainingPlan',
      spec: {
        steps: 32,
        model: { architecture: 'MLP', generatorWidths: [256, 512, 1024], generatorChannels: null },
        optimizers: { generator: { learningRate: 2e-4, beta1: 0.5 } },
        limits: { maxRuntime: null },
      },
      estimate: null,
      offers: [],
    });
    expect(JSON.parse(planTraining.specJson)).toMatchObject({ task: 'TRAIN', steps: 32 });
    expect(world.jobs.length).toBe(before);
  });
});

describe('a live batch', () => {
  it('is executed from what was read, with aliases and fragments, and its run', async () => {
    const run = await world.newRun();
    await world.say(run, attemptStarted(1), trainingStarted(1, 0), metrics(3, { loss: 'NaN' }));
    const batch = await readEvents(world.g, run, { after: START, first: 100 });
    if (batch === null) throw new Error('no run');
    const document = parse(`subscription Watch($run: ID!) { watched: runEvents(runId: $run) { ...B } }
      fragment B on RunEventBatch { since cursor run { id phase reason { code } summary { name nonFinite } }
        events { __typename ... on MetricsLogged { step values { name value nonFinite } } } }`);
    const result = await executeBatch(schema, {
      document,
      operationName: 'Watch',
      variables: { run },
      contextValue: createContext(world.g, viewer, ORIGIN),
      batch,
    });
    expect(result.errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(result.data)).watched).toMatchObject({
      since: '0000000000.00000',
      run: { id: run, phase: 'RUNNING', reason: null, summary: [{ name: 'loss', nonFinite: 'NAN' }] },
    });
    expect(JSON.stringify(result.data)).toContain('{"name":"loss","value":null,"nonFinite":"NAN"}');
  });
});
