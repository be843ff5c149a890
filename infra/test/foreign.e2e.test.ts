import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { keys } from '../../graph/storage/keys.ts';
import { raw } from '../local/gateway/testing/raw-client.ts';
import { BAD_LAUNCHES } from './foreign/bad-launches.ts';
import { BAD_OPERATIONS } from './foreign/bad-operations.ts';
import { BAD_REQUESTS, type BadRequest } from './foreign/bad-requests.ts';
import { foreignPython, runPython } from './foreign/python.ts';
import { removeHomes, type Stack, startStack } from './stack.ts';
import { LAUNCH, launch, launchAndWatch, SMALL } from './training.ts';
import { watchRun } from './watch-run.ts';

const TRAINING = { ...SMALL, kimg: 6.4, snapshots: { ...SMALL.snapshots, sampleSteps: 100, checkpointSteps: 100 } };

const python = await foreignPython();
let stack: Stack;
/** Launched at once and watched by everybody; it ends while they watch. */
let runId: string;

beforeAll(async () => {
  stack = await startStack();
  runId = await launch(stack, TRAINING);
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

async function runIds(): Promise<string[]> {
  const { runs } = await stack.graphql<{ runs: { edges: { node: { id: string } }[] } }>(
    '{ runs(first: 100) { edges { node { id } } } }',
  );
  return runs.edges.map(({ node }) => node.id);
}

interface Batch {
  readonly since: string;
  readonly cursor: string;
  readonly events: readonly { readonly __typename: string; readonly cursor: string; readonly phase?: string }[];
}

describe.runIf(python)('a Python client', () => {
  const read = async (how: 'watch' | 'poll', after: string[] = []): Promise<Batch[]> => {
    const args = [how, stack.ready.graphql, runId, ...after];
    const lines = (await runPython(python ?? '', 'events.py', args, stack.ready.queue)).trim().split('\n');
    return lines.map((line) => JSON.parse(line));
  };
  let live: Batch[];

  it('sees every event of a running run over graphql-transport-ws, without gap or double', async () => {
    live = await read('watch');
    for (const [n, batch] of live.slice(1).entries()) expect(batch.since).toBe(live[n]?.cursor);
    const events = live.flatMap((batch) => batch.events);
    expect(events.map((event) => event.cursor)).toEqual([...new Set(events.map((event) => event.cursor))].sort());
    expect(events.flatMap((event) => event.phase ?? [])).toEqual(['QUEUED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(events.filter((event) => event.__typename === 'MetricsLogged')).toHaveLength(40);
  }, 120_000);

  it('gets the same events by polling', async () => {
    const polled = (await read('poll')).flatMap((batch) => batch.events);
    expect(polled).toEqual(live.flatMap((batch) => batch.events));
  }, 60_000);

  it('continues from the middle exactly, over a socket and by polling', async () => {
    const events = live.flatMap((batch) => batch.events);
    const middle = Math.floor(events.length / 2);
    const after = [events[middle]?.cursor ?? ''];
    const rest = events.slice(middle + 1);
    expect((await read('watch', after)).flatMap((batch) => batch.events)).toEqual(rest);
    expect((await read('poll', after)).flatMap((batch) => batch.events)).toEqual(rest);
  }, 60_000);

  it('that speaks only the old subprotocol is refused with a status', async () => {
    const answer = await runPython(python ?? '', 'old_protocol.py', [stack.ready.graphql], stack.ready.queue);
    expect(answer).toMatch(/HTTP 400/);
  }, 60_000);

  it('reads journal and sheets with boto3 alone, as the journal says they are', async () => {
    const { endpoint, bucket } = stack.ready.storage;
    const args = [endpoint, bucket, keys.run(runId)];
    const found = JSON.parse(await runPython(python ?? '', 'storage.py', args, stack.ready.storage));
    expect(found.positions).toEqual(Array.from({ length: found.positions.length }, (_, n) => n + 1));
    expect(found.types.filter((type: string) => type === 'METRICS')).toHaveLength(40);
    expect(found.types.at(-1)).toMatch(/RUN_ENDED|JOB_STATE/);
    expect(found.sheets.map((sheet: { step: number }) => sheet.step)).toEqual([0, 100, 200, 300, 400]);
    for (const sheet of found.sheets) expect(sheet.is).toBe(sheet.said);
    expect(found.spec.spec).toMatchObject({ batchSize: 16, seed: 7 });
  }, 60_000);
});

describe.runIf(python)('a job', () => {
  const aws = async (args: string[], keysOfQueue = stack.ready.queue) =>
    JSON.parse(
      await runPython(
        python ?? '',
        ['-m', 'awscli'],
        ['--endpoint-url', stack.ready.queue.endpoint, '--output', 'json', 'batch', ...args],
        keysOfQueue,
      ),
    );

  it('is seen by the aws command line and ended by boto3, and its run says so', async () => {
    const { runId: longRun, watcher } = await launchAndWatch(stack, { ...TRAINING, kimg: 100_000 });
    await watcher.until((event) => event.phase === 'RUNNING');

    const { jobSummaryList } = await aws(['list-jobs', '--job-queue', 'ganway', '--job-status', 'RUNNING']);
    expect(jobSummaryList).toMatchObject([{ jobName: `${longRun}-1`, status: 'RUNNING' }]);
    const { jobs } = await aws(['describe-jobs', '--jobs', jobSummaryList[0].jobId]);
    expect(jobs).toMatchObject([{ status: 'RUNNING', jobDefinition: expect.stringContaining('ganway-trainer') }]);

    const args = [stack.ready.queue.endpoint, 'ganway', longRun, 'enough of it'];
    const ended = JSON.parse(await runPython(python ?? '', 'terminate.py', args, stack.ready.queue));
    expect(ended).toMatchObject({ jobId: jobSummaryList[0].jobId, status: 'RUNNING' });
    expect((await watcher.ended).at(-1)).toMatchObject({ phase: 'FAILED', reason: { code: 'TERMINATED' } });
    const { run } = await stack.graphql<{ run: { reason: { message: string } } }>(
      'query ($id: ID!) { run(id: $id) { reason { message } } }',
      { id: longRun },
    );
    expect(run.reason.message).toContain('enough of it');
  }, 120_000);

  it('is nobody’s business without the keys', async () => {
    const wrong = { ...stack.ready.queue, secretAccessKey: 'wrong' };
    await expect(aws(['list-jobs', '--job-queue', 'ganway'], wrong)).rejects.toThrow(/InvalidSignatureException/);
  }, 60_000);
});

describe('a bad input', () => {
  let before: string[];
  beforeAll(async () => {
    // Some of them ask about a run that has ended.
    await watchRun(stack.ready.graphql, runId).ended;
    before = await runIds();
  }, 120_000);
  afterAll(async () => {
    expect(await runIds()).toEqual(before);
  });

  interface Answer {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  }
  const post = async (body: object) => {
    const response = await fetch(stack.ready.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as Answer;
    for (const { message, extensions } of answer.errors ?? []) {
      expect(message.length).toBeGreaterThan(10);
      expect(extensions.code).toMatch(/^(GRAPHQL_|BAD_|OPERATION_)/);
    }
    return answer;
  };
  const wordsOf = ({ data, errors }: Answer) => errors?.map(({ message }) => message).join(' ') ?? JSON.stringify(data);

  it.each(BAD_LAUNCHES)('of a launch is explained: $name', async ({ training, input, answer }) => {
    const whole = { idempotencyKey: 'bad', training: { ...TRAINING, ...training }, ...input };
    const result = await post({ query: LAUNCH, variables: { input: whole } });
    if (answer instanceof RegExp) {
      expect(result.errors?.map(({ message }) => message).join(' ')).toMatch(answer);
      return;
    }
    const { launchTraining } = result.data as {
      launchTraining: { issues?: { path: string[]; code: string; message: string }[] };
    };
    expect(launchTraining.issues?.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual(answer);
    for (const { message } of launchTraining.issues ?? []) expect(message).toMatch(/^.{10,}\.$/);
  });

  it.each(BAD_OPERATIONS)('of an operation is explained: $name', async ({ query, variables, answer }) => {
    const used = query.includes('$run') ? { run: runId, ...variables } : variables;
    expect(wordsOf(await post({ query, variables: used }))).toMatch(answer);
  });

  it.each(BAD_REQUESTS)('as a request is refused: $name', async (bad) => {
    const response = await send(bad);
    const body = await text(response);
    expect(body).toMatch(bad.answer);
    expect(body).not.toContain('INTERNAL_SERVER_ERROR');
    expect(response.statusCode).toBe(bad.status);
  });

  function send({ method = 'POST', path = '/graphql', headers = {}, body }: BadRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(stack.origin);
      const options = { hostname, port, method, path, headers, setHost: headers.host === undefined, timeout: 10_000 };
      const sent = request(options, resolve);
      sent.once('error', reject);
      sent.once('timeout', () => sent.destroy(new Error('no answer within 10 s')));
      sent.end(body);
    });
  }

  it.each([
    ['an unknown run', 'subscription { runEvents(runId: "nope") { cursor } }', /There is no run "nope"/],
    ['a bad cursor', 'subscription ($run: ID!) { runEvents(runId: $run, after: "zzz") { cursor } }', /cursor/],
    ['an unknown field', 'subscription ($run: ID!) { runEvents(runId: $run) { nope } }', /Cannot query field "nope"/],
    ['half an operation', 'subscription {', /Syntax Error/],
    [
      'more than the run in a batch may give',
      'subscription ($run: ID!) { runEvents(runId: $run) { run { log { cursor } } } }',
      /only scalars|may select/,
    ],
    [
      'fields without end',
      `{ node(id: "x") { ... on Run { ${'events { run { '.repeat(8)} id ${'} }'.repeat(8)} } } }`,
      /deep|levels|depth/i,
    ],
  ])('over a socket ends the operation alone: %s', async (_name, query, answer) => {
    const client = await raw(stack.origin, { connection_init: true });
    try {
      expect(await client.next()).toMatchObject({ type: 'connection_ack' });
      const variables = query.includes('$run') ? { run: runId } : {};
      client.send({ id: 'bad', type: 'subscribe', payload: { query, variables } });
      const refused = await client.next();
      expect(refused).toMatchObject({ id: 'bad', type: 'error' });
      const problems = refused.payload as NonNullable<Answer['errors']>;
      expect(problems.map(({ message }) => message).join(' ')).toMatch(answer);
      for (const { extensions } of problems) expect(extensions.code).toMatch(/^(GRAPHQL_|BAD_|NOT_FOUND)/);
      client.send({ id: 'good', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
      expect(await client.next()).toMatchObject({ id: 'good', type: 'next' });
    } finally {
      client.socket.terminate();
    }
  });

  it.each([
    ['only the old subprotocol', 'graphql-ws', {}, 400],
    ['no subprotocol', [], {}, 400],
    ['a page of another site', 'graphql-transport-ws', { origin: 'https://evil.example' }, 403],
    ['another name of this machine', 'graphql-transport-ws', { host: 'evil.example' }, 421],
  ])('as a socket is refused before it opens: %s', async (_name, protocol, headers, status) => {
    const socket = new WebSocket(stack.ready.graphql.replace('http', 'ws'), protocol, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(status);
    expect(await text(response)).toMatch(/\w+ .*\.|subprotocol/);
    // Ending a socket that never opened is an error to the library, and no news here.
    socket.on('error', () => undefined);
    socket.terminate();
  });
});
