/** What becomes of checkpoints, on a whole local Ganway: other trainings start from them, other machines continue them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeJson, encodeJson } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import { openStorage, removeHomes, type Stack, startStack } from './stack.ts';
import { exactRows, type SeenEvent, watchRun } from './watch-run.ts';

/** Some seconds a run. */
const TRAINING = {
  preset: 'article-dcgan',
  dataset: 'digits',
  kimg: 1.6,
  batchSize: 16,
  seed: 7,
  model: { generatorChannels: [32, 16, 8], discriminatorChannels: [8, 16] },
};
const SNAPSHOTS = { tickSteps: 10, sampleSteps: 50, checkpointSteps: 50, columns: 4, rows: 4 };

interface Launched {
  readonly launchTraining: {
    readonly run?: { readonly id: string };
    readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: string }[];
  };
}
const LAUNCH = `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) {
  ... on LaunchTrainingSuccess { run { id } }
  ... on ValidationFailed { issues { path code message } }
} }`;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

let launches = 0;
async function send(training: object): Promise<Launched['launchTraining']> {
  const input = { idempotencyKey: `key-${launches++}`, training: { snapshots: SNAPSHOTS, ...training } };
  return (await stack.graphql<Launched>(LAUNCH, { input })).launchTraining;
}
async function launch(training: object): Promise<string> {
  const answer = await send(training);
  if (!answer.run) throw new Error(JSON.stringify(answer));
  return answer.run.id;
}
async function trained(training: object): Promise<{ id: string; events: readonly SeenEvent[] }> {
  const id = await launch(training);
  return { id, events: await watchRun(stack.ready.graphql, id).ended };
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
    const { issues } = await send({ dataset: 'digits', startFrom: { checkpoint }, model });
    expect(issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([
      'training.model DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
      'training.startFrom.checkpoint DOES_NOT_FIT_CHECKPOINT',
    ]);
    expect(issues?.[3]?.message).toMatch(/^generator\/stage3\/kernel is float32 \[4, 4, 1, 8\] in the checkpoint and /);
    const none = await send({ dataset: 'digits', startFrom: { checkpoint: `${source.id}~checkpoint~50~9` } });
    expect(none.issues).toMatchObject([{ path: ['training', 'startFrom', 'checkpoint'], code: 'UNKNOWN_CHECKPOINT' }]);
  }, 60_000);
});

describe('a checkpoint that was written under other numerics', () => {
  it('is continued, and the attempt says that it is not exact and why', async () => {
    const runId = await launch({ ...TRAINING, kimg: 4.8 });
    const first = watchRun(stack.ready.graphql, runId);
    await first.until((event) => (event.step ?? 0) >= 20);
    await stack.graphql('mutation ($id: ID!) { stopRun(id: $id) { __typename } }', { id: runId });
    const stopped = await first.ended;
    const at = stopped.findLast((event) => event.checkpoint)?.checkpoint?.step ?? -1;

    const store = openStorage(stack.ready);
    const key = `${keys.checkpoint(runId, at, 1)}manifest.json`;
    const manifest = decodeJson((await store.get(key))?.body ?? Buffer.from('null')) as { numerics: object };
    const numerics = { ...manifest.numerics, instructionSet: 'x64 of another machine', threads: 64 };
    await store.put(key, encodeJson({ ...manifest, numerics }));

    await stack.graphql('mutation ($id: ID!) { resumeRun(id: $id) { __typename } }', { id: runId });
    const resumed = await watchRun(stack.ready.graphql, runId, stopped.at(-1)?.cursor ?? null).ended;
    expect(resumed.at(-1)?.phase).toBe('SUCCEEDED');
    const query = 'query ($id: ID!) { run(id: $id) { attempts { number resumedFromStep exact differs } } }';
    expect((await stack.graphql<{ run: { attempts: unknown } }>(query, { id: runId })).run.attempts).toEqual([
      { number: 1, resumedFromStep: null, exact: true, differs: [] },
      { number: 2, resumedFromStep: at, exact: false, differs: ['instructionSet', 'threads'] },
    ]);
  }, 240_000);
});
