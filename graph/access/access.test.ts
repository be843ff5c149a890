import { randomUUID } from 'node:crypto';
import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptStarted, checkpoint, metrics, sample } from '../../functions/testing/events.ts';
import { at, openWorld, viewer, type World } from '../../functions/testing/world.ts';
import { createUpload } from '../datasets/upload.ts';
import type { Role, Viewer } from '../ganway.ts';
import { createOperations } from '../live/operations.ts';
import { subscribe } from '../live/subscribe.ts';
import { linkTo } from '../run/link.ts';
import { listRuns } from '../run/list.ts';
import { readLog } from '../run/log.ts';
import { schema } from '../schema.ts';
import { checkpointId, sampleId } from '../storage/ids.ts';
import { encodeJson } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { createApiKey } from './api-keys.ts';
import { permit, projectOf } from './permit.ts';

const as = (role: Role, id = 'lab'): Viewer => ({ id: role, name: role, projects: [{ id, name: id, role }] });
const actors = {
  viewer: as('VIEWER'),
  runner: as('RUNNER'),
  admin: as('ADMIN'),
  outsider: as('ADMIN', 'other'),
  nobody: { id: 'nobody', name: 'Nobody', projects: [] },
} satisfies Record<string, Viewer>;
type Actor = keyof typeof actors;

let world: World;
/** Ids of a run with everything in it, and of a data set, all of the project `lab`. */
let run = '';
let sheet = '';
let sealed = '';
const dataset = 'lab-photos-000001';
beforeAll(async () => {
  world = await openWorld();
  run = await world.newRun();
  sheet = sampleId(run, { step: 1, attempt: 1, set: 'ema' });
  sealed = checkpointId(run, { step: 1, attempt: 1 });
  await world.say(run, attemptStarted(1), metrics(1, { loss: 1 }), sample(run, 1), checkpoint(run, 1));
  await world.g.store.put(`${keys.checkpoint(run, 1, 1)}manifest.json`, new Uint8Array(1));
  await world.g.store.put(keys.logChunk(run, 1, 1), Buffer.from(`${JSON.stringify({ at: at(1), text: 'hello' })}\n`));
  const size = { images: 100, width: 28, height: 28, channels: 1, classes: [], bytes: 1, shards: [] };
  const source = { kind: 'test', skipped: [], skippedTotal: 0 };
  await world.g.store.put(
    keys.datasetManifest(dataset),
    encodeJson({ v: 1, id: dataset, name: 'Photos', ...size, source }),
  );
});
afterAll(() => world.close());

/** A run of its own for an operation that changes it; ended, where it must be. */
async function freshRun(ended: boolean): Promise<string> {
  const id = await world.newRun();
  await world.say(id, { type: 'RUN_ENDED', at: at(2), phase: 'STOPPED', reason: null });
  if (ended) return id;
  await world.say(id, { type: 'LAUNCH_REQUESTED', at: at(3), launch: 2, cause: 'RESUME' });
  return id;
}

/** What came of an operation with one root field: the type of its result, `null`, the code of an error, or `found`. */
function outcomeOf({ data, errors }: ExecutionResult): string {
  if (errors) return String(errors[0]?.extensions.code);
  const [value] = Object.values(data ?? {}) as ({ __typename?: string } | null)[];
  return value === null ? 'null' : (value?.__typename ?? 'found');
}

interface Row {
  /** The field of Query, Mutation or Subscription that is asked. */
  readonly field: string;
  readonly query: string;
  readonly variables: () => Promise<Record<string, unknown>>;
  /** For VIEWER, RUNNER, ADMIN, and who is in another project or in none. */
  readonly expected: readonly [viewer: string, runner: string, admin: string, others: string];
  /** What those in no project hear, where it is something else: they have no project to name. */
  readonly nobody?: string;
}

const none = async () => ({});
const reads = (field: string, query: string, variables: Row['variables'], missing: string): Row => ({
  ...{ field, query, variables },
  expected: ['found', 'found', 'found', missing],
});
const changes = (field: string, query: string, variables: Row['variables'], success: string): Row => ({
  ...{ field, query, variables },
  expected: ['Forbidden', success, success, 'NotFound'],
});
const runOf = (selection: string) => `query($id: ID!) { run(id: $id) { ${selection} } }`;
const administers = (field: string, query: string, variables: Row['variables'], success: string): Row => ({
  ...{ field, query, variables },
  expected: ['Forbidden', 'Forbidden', success, 'NotFound'],
});
const node = (typename: string, id: () => string): Row => ({
  ...{ field: 'node', query: 'query($id: ID!) { node(id: $id) { __typename id } }' },
  variables: async () => ({ id: id() }),
  expected: [typename, typename, typename, 'null'],
});
const plan = (training: () => object): Row => ({
  field: 'planTraining',
  query: 'query($input: TrainingInput!) { planTraining(input: $input) { __typename } }',
  variables: async () => ({ input: training() }),
  expected: ['TrainingPlan', 'TrainingPlan', 'TrainingPlan', 'ValidationFailed'],
});
const everybody = (field: string, selection: string): Row => ({
  ...{ field, query: `{ ${field} { ${selection} } }`, variables: none },
  expected: ['found', 'found', 'found', 'found'],
});
const launch = () => ({ idempotencyKey: randomUUID(), project: 'lab' });

const rows: readonly Row[] = [
  reads('run', runOf('id phase project { role }'), async () => ({ id: run }), 'null'),
  reads('run', runOf('log { lines { text } }'), async () => ({ id: run }), 'null'),
  reads('run', runOf('events { events { __typename } }'), async () => ({ id: run }), 'null'),
  reads('run', runOf('metrics { name } checkpoints { edges { cursor } }'), async () => ({ id: run }), 'null'),
  reads('run', runOf('latestSample { url } samples { edges { node { url } } }'), async () => ({ id: run }), 'null'),
  node('Run', () => run),
  node('SampleSheet', () => sheet),
  node('Checkpoint', () => sealed),
  node('Dataset', () => dataset),
  node('Project', () => 'lab'),
  reads('runs', '{ runs(project: "lab") { edges { node { id } } } }', none, 'BAD_USER_INPUT'),
  reads('datasets', '{ datasets(project: "lab") { edges { node { id } } } }', none, 'BAD_USER_INPUT'),
  reads('dataset', 'query($id: ID!) { dataset(id: $id) { id } }', async () => ({ id: dataset }), 'null'),
  plan(() => ({ dataset })),
  plan(() => ({ dataset: 'digits', startFrom: { checkpoint: sealed } })),
  everybody('viewer', 'id projects { id role }'),
  everybody('presets', 'id'),
  everybody('server', 'version'),
  changes(
    'launchTraining',
    'mutation($input: LaunchTrainingInput!) { launchTraining(input: $input) { __typename } }',
    async () => ({ input: { ...launch(), training: { dataset: 'digits', kimg: 3.2 } } }),
    'LaunchTrainingSuccess',
  ),
  changes(
    'launchTask',
    'mutation($input: LaunchTaskInput!) { launchTask(input: $input) { __typename } }',
    async () => ({ input: { ...launch(), task: { export: { checkpoint: sealed, formats: ['TFJS'] } } } }),
    'LaunchTaskSuccess',
  ),
  changes(
    'createUpload',
    'mutation($input: CreateUploadInput!) { createUpload(input: $input) { __typename } }',
    async () => ({ input: { project: 'lab', name: 'a.png', bytes: 1, sha256: '0'.repeat(64) } }),
    'Upload',
  ),
  changes(
    'stopRun',
    'mutation($id: ID!) { stopRun(id: $id) { __typename } }',
    async () => ({ id: await freshRun(false) }),
    'StopRunSuccess',
  ),
  changes(
    'resumeRun',
    'mutation($id: ID!) { resumeRun(id: $id) { __typename } }',
    async () => ({ id: await freshRun(true) }),
    'LaunchTrainingSuccess',
  ),
  changes(
    'updateRun',
    'mutation($input: UpdateRunInput!) { updateRun(input: $input) { __typename } }',
    async () => ({ input: { id: run, notes: randomUUID() } }),
    'UpdateRunSuccess',
  ),
  changes(
    'deleteRun',
    'mutation($id: ID!) { deleteRun(id: $id) { __typename } }',
    async () => ({ id: await freshRun(true) }),
    'DeleteRunSuccess',
  ),
  {
    field: 'apiKeys',
    query: '{ apiKeys(project: "lab") { __typename } }',
    variables: none,
    expected: ['Forbidden', 'Forbidden', 'ApiKeyList', 'NotFound'],
  },
  administers(
    'createApiKey',
    'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }',
    async () => ({ input: { project: 'lab', name: 'ci', role: 'VIEWER' } }),
    'CreateApiKeySuccess',
  ),
  administers(
    'revokeApiKey',
    'mutation($id: ID!) { revokeApiKey(id: $id) { __typename } }',
    async () => {
      const made = await createApiKey(world.g, actors.admin, { name: 'ci', role: 'ADMIN' });
      return { id: made.kind === 'created' ? made.key.id : '' };
    },
    'RevokeApiKeySuccess',
  ),
  administers(
    'setMember',
    'mutation($input: SetMemberInput!) { setMember(input: $input) { __typename } }',
    async () => ({ input: { project: 'lab', user: 'user:bob', role: 'ADMIN' } }),
    'SetMemberSuccess',
  ),
  {
    ...everybody('createSocketTicket', 'ticket expiresAt'),
    query: 'mutation { createSocketTicket { ticket expiresAt } }',
  },
];

describe('every operation', () => {
  const cases = rows.flatMap((row) => {
    const [forViewer, forRunner, forAdmin, others] = row.expected;
    const expected: Record<Actor, string> = {
      ...{ viewer: forViewer, runner: forRunner, admin: forAdmin, outsider: others, nobody: row.nobody ?? others },
    };
    return (Object.keys(actors) as Actor[]).map((actor) => ({ ...row, actor, outcome: expected[actor] }));
  });

  it.each(cases)('$field: $outcome for the $actor, asked $query', async ({ query, variables, actor, outcome }) => {
    const given = await variables();
    const before = await journalOf(given);
    const result = await world.query(query, given, actors[actor]);
    expect(outcomeOf(result)).toBe(outcome);
    // What was refused has left no word behind.
    if (!/Success$/.test(outcome)) expect(await journalOf(given)).toEqual(before);
  });

  it('has a row here', () => {
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect(fields.filter((name) => !rows.some(({ field }) => field === name))).toEqual([]);
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {})).toEqual(['runEvents']);
  });

  async function journalOf({ id, input }: Record<string, unknown>): Promise<string[]> {
    const runId = typeof id === 'string' ? id : (input as { id?: string } | undefined)?.id;
    if (runId === undefined) return [];
    return (await world.g.store.list(keys.journal(runId))).objects.map(({ key }) => key);
  }
});

describe('what is forbidden to see', () => {
  const missing = 'lab-zzzzzzzzzzzzzzzzzz';
  it.each(rows.filter(({ query }) => query.includes('$id')))(
    'is answered as if it did not exist: $field, asked $query',
    async ({ query, variables }) => {
      const { id = '' } = (await variables()) as { id?: string };
      const gone = id.includes('~') ? id.replace(run, missing) : id === 'lab' ? 'nolab' : missing;
      const forbidden = await world.query(query, { id }, actors.outsider);
      const absent = await world.query(query, { id: gone }, actors.outsider);
      const own = await world.query(query, { id: gone }, actors.admin);
      const told = (result: ExecutionResult, of: string) => JSON.stringify(result).replaceAll(of, 'ID');
      expect(told(forbidden, id)).toBe(told(absent, gone));
      expect(told(own, gone)).toBe(told(absent, gone));
    },
  );

  it('is not in what the parts of the domain give, whoever calls them', async () => {
    const { outsider, viewer: looker } = actors;
    const page = { projectId: 'lab', first: 10, after: null };
    expect((await listRuns(world.g, looker, page)).runs.length).toBeGreaterThan(0);
    expect(await listRuns(world.g, outsider, page)).toEqual({ runs: [], hasNext: false });
    expect((await readLog(world.g, looker, run, { first: 1, after: null }))?.lines).toHaveLength(1);
    expect(await readLog(world.g, outsider, run, { first: 1, after: null })).toBeNull();
    expect(await createUpload(world.g, outsider, { project: 'lab', name: '', bytes: 0, sha256: '' }, '')).toEqual({
      kind: 'notFound',
      message: 'There is no project "lab".',
    });
  });
});

describe('a link', () => {
  it('is made to a sheet of a run that its reader may see', async () => {
    const key = keys.sample(run, 1, 1, 'ema');
    expect((await linkTo(world.g, actors.viewer, key, 'http://x')).url).toContain(key);
    await expect(linkTo(world.g, actors.outsider, key, 'http://x')).rejects.toThrow('none that its reader may see');
  });

  it.each([
    ['the secrets of the system', () => 'auth/keys/lab/abc.json'],
    ['a checkpoint', () => `${keys.checkpoint(run, 1, 1)}manifest.json`],
    ['a spec', () => keys.spec(run)],
    ['a run that lies in the folder of another project', () => `projects/other/runs/${run}/samples/1.png`],
    ['a folder above', () => `projects/lab/runs/${run}/samples/`],
  ])('is not made to %s, even where a journal says so', async (_what, key) => {
    await expect(linkTo(world.g, actors.admin, key(), 'http://x')).rejects.toThrow('A journal names');
    const id = await world.newRun();
    await world.say(id, attemptStarted(1), { ...sample(id, 1), key: key() });
    const { errors } = await world.query(`{ run(id: "${id}") { latestSample { url } } }`, {}, viewer);
    expect(errors?.[0]?.path).toEqual(['run', 'latestSample', 'url']);
  });
});

describe('a subscription', () => {
  const document = 'subscription($id: ID!) { runEvents(runId: $id) { cursor } }';
  const ask = (who: Viewer) => {
    const masking = { newId: () => 'id', report: () => undefined };
    const operations = createOperations(world.g, schema, masking);
    const live = {
      ...{ g: world.g, operations, cache: new Map(), warn: () => undefined },
      sockets: { send: async () => 'sent' as const },
      viewer: async () => who,
    };
    const operation = { document, operationName: null, variables: { id: run }, viewer: who, origin: 'http://x' };
    const arrival = { connectionId: who.id, operationId: 'a', receivedAt: 1 };
    return subscribe(live, arrival, operation, parse(document));
  };

  it.each(['viewer', 'runner', 'admin'] as const)('is for whoever may look: the %s', async (actor) => {
    expect(await ask(actors[actor])).toMatchObject({ kind: 'subscribed' });
  });

  it.each(['outsider', 'nobody'] as const)('is refused to the %s as if there were no such run', async (actor) => {
    expect(await ask(actors[actor])).toMatchObject({
      kind: 'refused',
      error: { extensions: { code: 'NOT_FOUND' }, message: `There is no run "${run}".` },
    });
  });
});

describe('a role', () => {
  it('says what it takes, what one has and whom to ask', () => {
    expect(permit(actors.viewer, 'lab', 'RUNNER')).toEqual({
      kind: 'forbidden',
      message: 'This needs the role RUNNER in the project "lab"; yours is VIEWER. Ask one of its ADMINs.',
    });
    expect(permit(actors.nobody, null, 'VIEWER')).toEqual({
      kind: 'notFound',
      message: 'You have no project yet. Ask an ADMIN of one to let "nobody" in.',
    });
  });

  it.each(['OWNER', 'toString', '', 'admin'])('%j, which is none, allows nothing', (role) => {
    const odd = as(role as Role);
    expect(projectOf(odd, 'lab')).toBeNull();
    expect(projectOf(odd, null)).toBeNull();
    expect(permit(odd, 'lab', 'VIEWER').kind).toBe('notFound');
  });
});
