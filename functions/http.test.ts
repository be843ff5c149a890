import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { serverAudits } from 'graphql-http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ganway } from '../graph/ganway.ts';
import { keys } from '../graph/storage/keys.ts';
import { StorageError } from '../graph/storage/ports.ts';
import { makeHttp } from './http.ts';
import type { HttpHandler } from './http-event.ts';
import { openWorld, viewer, type World } from './testing/world.ts';

let world: World;
let server: Server;
let url: string;
const logged: string[] = [];
const lines = new Writable({
  write: (line, _encoding, done) => {
    logged.push(String(line));
    done();
  },
});
const log = pino({}, lines);

beforeAll(async () => {
  world = await openWorld();
  const g: Ganway = { ...world.g, store: failingAt(world.g, 'lab-0broken00000000000') };
  const handler = makeHttp({
    g,
    log,
    scheme: 'http',
    authenticate: async ({ authorization } = {}) => (authorization === 'nobody' ? null : viewer),
  });
  server = serve(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterAll(() => {
  server.close();
  world.close();
});

/** The world's store, but everything of one run is out of reach. */
function failingAt({ store }: Ganway, runId: string): Ganway['store'] {
  return {
    ...store,
    get: async (key, options) => {
      if (key === keys.spec(runId)) throw new StorageError('UNREACHABLE', 'no route to 10.0.0.7');
      return store.get(key, options);
    },
  };
}

/** Requests to events and results to responses, as API Gateway does. */
function serve(handler: HttpHandler): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const result = await handler({
      rawQueryString: new URL(request.url ?? '/', 'http://x').search.slice(1),
      headers: request.headers as Record<string, string>,
      requestContext: { http: { method: request.method ?? 'GET' } },
      body: Buffer.concat(chunks).toString('base64'),
      isBase64Encoded: true,
    });
    response.writeHead(result.statusCode, result.headers).end(result.body);
  });
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, answer: (await response.json()) as Answer };
}

describe('GraphQL over HTTP', () => {
  it('is spoken as the specification says, in every audit that it must or should pass', async () => {
    const failures: string[] = [];
    const audits = serverAudits({ url: () => url });
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status === 'error' || result.status === 'warn') failures.push(`${result.status}: ${audit.name}`);
    }
    expect(failures).toEqual([]);
    expect(audits.length).toBeGreaterThan(50);
  });

  it('answers a query in a GET that no web page could have sent', async () => {
    const response = await fetch(`${url}?query=${encodeURIComponent('{ server { version } }')}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await response.json()).toEqual({ data: { server: { version: '1.2.3' } } });
  });

  it('refuses a mutation in a GET with 405', async () => {
    const query = 'mutation { stopRun(id: "x") { __typename } }';
    const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(405);
  });

  it('refuses what a form of another site could send', async () => {
    const simple = await fetch(url, { method: 'POST', body: '{"query":"{ __typename }"}' });
    expect(simple.status).toBe(400);
    const get = await fetch(`${url}?query=%7B__typename%7D`);
    expect(get.status).toBe(400);
    expect(await get.text()).toContain('Cross-Site Request Forgery');
  });

  it('refuses batches, persisted queries and bodies that are no JSON, too large or not UTF-8', async () => {
    expect((await post([{ query: '{ __typename }' }])).status).toBe(400);
    expect(
      (await post({ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } })).answer.errors,
    ).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }]);
    expect((await post('{"query": ')).answer.errors?.[0]?.message).toBe('The body is no JSON in UTF-8.');
    expect((await post(`{"query":"${' '.repeat(2 ** 20)}"}`)).status).toBe(413);
  });

  it('sends subscriptions to where they are spoken', async () => {
    const { status, answer } = await post({ query: 'subscription { runEvents(runId: "x") { cursor } }' });
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.message).toContain('graphql-transport-ws');
  });

  it('knows nobody without proof', async () => {
    const { status, answer } = await post({ query: '{ viewer { id } }' }, { authorization: 'nobody' });
    expect([status, answer.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('serves introspection, and says which field was meant', async () => {
    const { answer } = await post({ query: '{ __schema { queryType { name } } serverr { version } }' });
    expect(answer.errors?.[0]?.message).toContain('Did you mean "server"?');
  });
});

describe('limits over HTTP', () => {
  it('count the variables of a request', async () => {
    const query = `query Sheets($n: Int = 1) { runs(first: 100) { edges { node { samples(first: $n) { edges { node { id url } } } } } } }`;
    expect((await post({ query })).answer.errors).toBeUndefined();
    const { status, answer } = await post({ query, variables: { n: 100 } });
    expect(status).toBe(400);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 'cost' } }]);
  });

  it('count tokens before anything else', async () => {
    const { answer } = await post({ query: `{ ${'a '.repeat(3000)} }` });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect(answer.errors?.[0]?.message).toContain('2000');
  });

  it('look through fragments', async () => {
    const { answer } = await post({ query: `query { ...R } fragment R on Query { ${aliases(21)} }` });
    expect(answer.errors?.map(({ extensions }) => extensions.limit)).toEqual(['aliases', 'rootFields']);
  });
});

const aliases = (count: number): string =>
  Array.from({ length: count }, (_, i) => `a${i}: server { version }`).join(' ');

describe('errors', () => {
  it('that nobody expected are masked, logged, and found again by the id in both', async () => {
    const { answer } = await post({ query: '{ server { version } run(id: "lab-0broken00000000000") { id } }' });
    expect(answer.data).toEqual({ server: { version: '1.2.3' }, run: null });
    const [error] = answer.errors ?? [];
    expect(error?.path).toEqual(['run']);
    expect(JSON.stringify(error)).not.toContain('10.0.0.7');
    expect(error?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    const id = String(error?.extensions.correlationId);
    expect(error?.message).toContain(id);
    const line = logged.map((text) => JSON.parse(text)).find(({ correlationId }) => correlationId === id);
    expect(line).toMatchObject({ level: 50, path: ['run'], err: { message: 'no route to 10.0.0.7' } });
  });

  it('in an argument say where and what', async () => {
    const { answer } = await post({ query: '{ runs(first: -1) { edges { cursor } } }' });
    expect(answer.errors).toMatchObject([
      {
        message: 'first must not be negative, but is -1.',
        path: ['runs'],
        extensions: { code: 'BAD_USER_INPUT', argumentPath: ['first'] },
      },
    ]);
    expect(answer.errors?.[0]?.extensions).not.toHaveProperty('stacktrace');
  });
});
