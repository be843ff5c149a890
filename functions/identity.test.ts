import { Writable } from 'node:stream';
import { UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../graph/access/api-keys.ts';
import { setMember } from '../graph/access/members.ts';
import { TICKET_MS } from '../graph/access/tickets.ts';
import { followRun } from '../graph/client/follow.ts';
import { connect } from '../graph/client/transport.ts';
import type { Ganway, Role, Viewer } from '../graph/ganway.ts';
import { deliver } from '../graph/live/deliver.ts';
import type { Live } from '../graph/live/live.ts';
import { deliverOpen } from '../graph/live/open.ts';
import { createOperations } from '../graph/live/operations.ts';
import { append } from '../graph/run/journal.ts';
import { schema } from '../graph/schema.ts';
import { keys } from '../graph/storage/keys.ts';
import { listAll } from '../graph/storage/list-all.ts';
import { StorageError } from '../graph/storage/ports.ts';
import { openOidc } from '../infra/clients/oidc.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../infra/clients/testing/issuer.ts';
import { createConnections } from '../infra/local/gateway/connections.ts';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { type RawClient, raw } from '../infra/local/gateway/testing/raw-client.ts';
import { ended, metrics, newRun } from '../infra/local/gateway/testing/runs.ts';
import { makeAuthorize } from './authorize.ts';
import { makeHttp } from './http.ts';
import { BELIEVED_MS, type Identity, openIdentity } from './identity.ts';
import { makeSocket } from './socket.ts';
import { openWorld, type World } from './testing/world.ts';

/** ADMIN of the project `lab` from the start. */
const root: Viewer = { id: 'user:root', name: 'Root', projects: [{ id: 'lab', name: 'lab', role: 'ADMIN' }] };

let issuer: Issuer;
let world: World;
let g: Ganway;
let identity: Identity;
let live: Live;
let gateway: Gateway;
/** Milliseconds by which the clock of the server is ahead. */
let ahead: number;
/** Keys of the objects that were read. */
let read: string[];
/** What each reading of the storage fails with, where it does. */
let broken: Error | null;
let logged: string;
let clients: RawClient[];

beforeEach(async () => {
  [ahead, read, broken, logged, clients] = [0, [], null, '', []];
  issuer = await startIssuer();
  world = await openWorld();
  const get: Ganway['store']['get'] = async (key, options) => {
    if (broken) throw broken;
    read.push(key);
    return world.g.store.get(key, options);
  };
  g = { ...world.g, store: { ...world.g.store, get }, now: () => new Date(Date.now() + ahead) };
  const verify = openOidc({ issuer: issuer.url, audience: AUDIENCE, now: g.now, cooldownMs: 0 });
  identity = openIdentity({ g, user: null, verify, admins: { subjects: ['root'], project: 'lab' } });
  const lines = new Writable({
    write: (line, _encoding, done) => {
      logged += String(line);
      done();
    },
  });
  const log = pino({ level: 'trace' }, lines);
  const warn = (message: string, err: unknown) => log.warn({ err }, message);
  const connections = createConnections();
  const masking = { newId: () => 'id', report: (_id: string, err: unknown) => log.error({ err }) };
  const operations = createOperations(g, schema, masking);
  live = { g, sockets: connections.sockets, operations, viewer: identity.viewer, cache: new Map(), warn };
  gateway = await startGateway({
    ...{ port: 0, connections, log: warn },
    http: makeHttp({ g, log, authenticate: identity.authenticate, scheme: 'http' }),
    socket: makeSocket(live),
    authorize: makeAuthorize({ ...identity, log, scheme: 'http' }),
  });
});
afterEach(async () => {
  for (const { socket } of clients) socket.terminate();
  await gateway.close();
  await issuer.close();
  world.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const role = (subject: string, as: Role | null) => setMember(g, root, { user: `user:${subject}`, role: as });
async function apiKey(as: Role = 'RUNNER', expiresAt: Date | null = null) {
  const made = await createApiKey(g, root, { name: 'ci', role: as, expiresAt });
  if (made.kind !== 'created') throw new Error(JSON.stringify(made));
  return made;
}
/** A token that is good for so long by the clock of the server. */
const tokenFor = (seconds: number, sub = 'ada') =>
  issuer.token({ sub, exp: Math.floor((Date.now() + ahead) / 1000) + seconds });

interface Answer {
  readonly data?: {
    readonly viewer?: { readonly id: string; readonly name: string; readonly projects: readonly unknown[] };
    readonly createSocketTicket?: { readonly ticket: string };
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function ask(headers: Record<string, string>, query = '{ viewer { id name projects { id role } } }') {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as Answer;
  return { status: response.status, headers: response.headers, answer, viewer: answer.data?.viewer };
}
const codeOf = async (headers: Record<string, string>) => {
  const { status, answer } = await ask(headers);
  return [status, answer.errors?.[0]?.extensions.code];
};
const REFUSED = [401, 'UNAUTHENTICATED'];

describe('a person', () => {
  it('is who the token of the issuer says, with the roles that the bucket says, whatever else the token claims', async () => {
    const token = await issuer.token({ roles: ['ADMIN'], projects: { lab: 'ADMIN' }, scope: 'admin' });
    const stranger = { id: 'user:ada', name: 'Ada Lovelace', projects: [] };
    expect((await ask(bearer(token))).viewer).toEqual(stranger);
    await role('ada', 'VIEWER');
    ahead += BELIEVED_MS;
    expect((await ask(bearer(token))).viewer).toEqual({ ...stranger, projects: [{ id: 'lab', role: 'VIEWER' }] });
  });

  it('costs one GET, and none in the half minute after it', async () => {
    await role('ada', 'RUNNER');
    const token = await tokenFor(600);
    read = [];
    for (let time = 0; time < 3; time += 1) await ask(bearer(token));
    expect(read).toHaveLength(1);
    ahead += BELIEVED_MS;
    await ask(bearer(token));
    expect(read).toHaveLength(2);
  });

  it('who is named as the first ADMIN is one from the start, and of no other project', async () => {
    const { viewer } = await ask(bearer(await issuer.token({ sub: 'root' })));
    expect(viewer?.projects).toEqual([{ id: 'lab', role: 'ADMIN' }]);
    await setMember(g, { ...root, id: 'user:other' }, { user: 'user:root', role: 'VIEWER' });
    ahead += BELIEVED_MS;
    expect((await ask(bearer(await tokenFor(60, 'root')))).viewer?.projects).toEqual([{ id: 'lab', role: 'ADMIN' }]);
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['without a header', async () => ({})],
    ['with an empty header', async () => ({ authorization: '' })],
    ['by a name and a password', async () => ({ authorization: 'Basic YWRhOnB3' })],
    ['by a bare token', async () => ({ authorization: await issuer.token() })],
    ['by two tokens', async () => ({ authorization: `Bearer ${await issuer.token()} ${await issuer.token()}` })],
    ['by a token that has ended', async () => bearer(await issuer.token({ exp: 1 }))],
    ['by a token for others', async () => bearer(await issuer.token({ aud: 'another' }))],
    ['by a token that nobody signed', async () => bearer(new UnsecuredJWT({ sub: 'root' }).encode())],
    ['by the id of a viewer', async () => bearer('user:root')],
    ['by a ticket', async () => bearer(await ticketOf(bearer(await issuer.token())))],
  ])('is nobody %s', async (_how, headers) => {
    const given = await headers();
    expect(await codeOf(given)).toEqual(REFUSED);
    expect((await ask(given)).headers.get('www-authenticate')).toBe('Bearer');
    await expect(raw(gateway.url, { headers: given })).rejects.toThrow('403');
  });
});

const TICKET = 'mutation { createSocketTicket { ticket expiresAt } }';

describe('where it cannot be found out who it is', () => {
  it.each<[string, () => Promise<Record<string, string>>]>([
    [
      'as the issuer is away',
      async () => {
        const token = await issuer.token();
        await issuer.close();
        return bearer(token);
      },
    ],
    [
      'as the storage is away',
      async () => {
        const { token } = await apiKey();
        broken = new StorageError('UNREACHABLE', 'no route to 10.0.0.7');
        return bearer(token);
      },
    ],
  ])('nobody comes in, which is no verdict on the token: %s', async (_why, headers) => {
    const given = await headers();
    const { status, answer } = await ask(given);
    expect([status, answer.errors?.[0]?.extensions.code]).toEqual([503, 'UNAVAILABLE']);
    expect(JSON.stringify(answer)).not.toMatch(/10\.0\.0\.7|127\.0\.0\.1/);
    await expect(raw(gateway.url, { headers: given })).rejects.toThrow('403');
    // Whoever runs the server finds out why.
    expect(logged).toMatch(/nobody can be let in[\s\S]*nobody can connect/);
    issuer = await startIssuer();
  });
});

describe('an API key', () => {
  it('is a viewer of its own, from the moment it is made', async () => {
    const { key, token } = await apiKey('VIEWER');
    expect((await ask(bearer(token))).viewer).toEqual({
      ...{ id: `key:${key.id}`, name: 'ci', projects: [{ id: 'lab', role: 'VIEWER' }] },
    });
    read = [];
    for (let time = 0; time < 3; time += 1) await ask(bearer(token));
    expect(read).toEqual([]);
  });

  it('lets nobody in by another secret, or by that of another key', async () => {
    const [a, b] = [await apiKey(), await apiKey()];
    const secretOf = (token: string) => token.slice(-43);
    expect(await codeOf(bearer(a.token.replace(secretOf(a.token), secretOf(b.token))))).toEqual(REFUSED);
    expect(await codeOf(bearer(`gw_${a.key.id}_${'A'.repeat(43)}`))).toEqual(REFUSED);
    expect(await codeOf(bearer(`gw_lab-${'0'.repeat(18)}_${'A'.repeat(43)}`))).toEqual(REFUSED);
    expect((await ask(bearer(a.token))).status).toBe(200);
  });

  it('is refused at its end, and within half a minute after it was revoked', async () => {
    const short = await apiKey('RUNNER', new Date(Date.now() + 10_000));
    const long = await apiKey();
    for (const { token } of [short, long]) expect((await ask(bearer(token))).status).toBe(200);
    ahead += 10_001;
    expect(await codeOf(bearer(short.token))).toEqual(REFUSED);
    await revokeApiKey(g, root, long.key.id);
    ahead += BELIEVED_MS;
    expect(await codeOf(bearer(long.token))).toEqual(REFUSED);
  });
});

describe('the one user of a machine', () => {
  it('needs no token, and is nobody by a wrong one', async () => {
    const user: Viewer = { id: 'local', name: 'Local user', projects: [] };
    const local = openIdentity({ g, user, verify: null, admins: { subjects: [], project: 'lab' } });
    expect(await local.authenticate({})).toEqual(user);
    expect(await local.viewer('local')).toEqual(user);
    expect(await local.authenticate(bearer('wrong'))).toBeNull();
    expect((await local.authenticate(bearer((await apiKey()).token)))?.id).toMatch(/^key:/);
  });

  it('is nobody elsewhere, nor are people where there is no issuer', async () => {
    expect(await identity.viewer('local')).toBeNull();
    const nobody = openIdentity({ g, user: null, verify: null, admins: { subjects: ['root'], project: 'lab' } });
    for (const id of ['user:root', 'local', '', 'undefined']) expect(await nobody.viewer(id)).toBeNull();
    expect(await nobody.authenticate(bearer(await issuer.token()))).toBeNull();
  });
});

/** Connects and watches a run; resolves when it has heard all there is so far. */
async function watching(run: string, proof: { headers?: Record<string, string>; query?: string }) {
  const client = await raw(gateway.url, { connection_init: true, ...proof });
  clients.push(client);
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  subscribe(client, run, 'a');
  expect(await client.next()).toMatchObject({ type: 'next', id: 'a' });
  return client;
}
function subscribe(client: RawClient, run: string, id: string): void {
  const query = 'subscription($run: ID!) { runEvents(runId: $run) { events { __typename } } }';
  client.send({ id, type: 'subscribe', payload: { query, variables: { run } } });
}
async function happens(run: string, step = 1): Promise<void> {
  await append(g, run, () => [metrics(step)]);
  await deliver(live, run);
}
async function ticketOf(headers: Record<string, string>): Promise<string> {
  return (await ask(headers, TICKET)).answer.data?.createSocketTicket?.ticket ?? '';
}
const TOKEN_ENDED = [{ extensions: { code: 'UNAUTHENTICATED' }, message: expect.stringContaining('has ended') }];
const GONE = [{ extensions: { code: 'NOT_FOUND' } }];

describe('a socket', () => {
  it('is opened by the same header as a request, as the command line does it', async () => {
    const run = await newRun(g);
    await append(g, run, () => [metrics(1), ended]);
    const types: string[] = [];
    for await (const batch of followRun(connect(gateway.url, { token: (await apiKey('VIEWER')).token }), run)) {
      types.push(...batch.events.map(({ __typename }) => __typename));
    }
    expect(types).toContain('MetricsLogged');
  });

  it('is opened by a ticket once, within its minute', async () => {
    await role('ada', 'VIEWER');
    const run = await newRun(g);
    const proof = bearer(await tokenFor(600));
    const query = `?ticket=${await ticketOf(proof)}`;
    await watching(run, { query });
    await expect(raw(gateway.url, { query })).rejects.toThrow('403');
    const late = `?ticket=${await ticketOf(proof)}`;
    ahead += TICKET_MS;
    await expect(raw(gateway.url, { query: late })).rejects.toThrow('403');
  });

  it.each(['?ticket=', '?ticket=nonsense', '?ticket=../keys/lab/x'])(
    'is not opened by %s, whatever the header',
    async (query) => {
      await expect(raw(gateway.url, { query, headers: bearer((await apiKey()).token) })).rejects.toThrow('403');
    },
  );

  it('shows no run of a project that its viewer is not in', async () => {
    const run = await newRun(g);
    const client = await raw(gateway.url, { connection_init: true, headers: bearer(await issuer.token()) });
    clients.push(client);
    await client.next();
    subscribe(client, run, 'a');
    expect(await client.next()).toMatchObject({ id: 'a', type: 'error', payload: GONE });
  });

  it('leaves what opened it neither in the bucket nor in a log', async () => {
    await role('ada', 'VIEWER');
    const run = await newRun(g);
    const [token, { token: key }] = [await issuer.token(), await apiKey('VIEWER')];
    const ticket = await ticketOf(bearer(token));
    for (const proof of [{ headers: bearer(token) }, { headers: bearer(key) }, { query: `?ticket=${ticket}` }]) {
      const client = await watching(run, proof);
      client.send({ type: 'connection_init', payload: { authorization: token, key, ticket } });
      await client.next();
    }
    await expect(raw(gateway.url, { query: `?ticket=${ticket}` })).rejects.toThrow('403');
    await fetch(`${gateway.url}/graphql?query={x}&ticket=${ticket}`, { headers: bearer(`${token}x`) });
    const stored = await Promise.all(
      (await listAll(g.store, '')).map(async (object) => {
        const body = (await g.store.get(object.key))?.body ?? [];
        return object.key + Buffer.from(body).toString();
      }),
    );
    expect(stored.some((text) => text.includes('subscription($run'))).toBe(true);
    for (const secret of [token, token.split('.')[2] ?? '', key.slice(-43), ticket]) {
      expect(stored.filter((text) => text.includes(secret))).toEqual([]);
      expect(logged).not.toContain(secret);
    }
  });
});

describe('the end of a proof', () => {
  it.each([
    ['as the text that API Gateway makes of it', '1800000000000', 1_800_000_000_000],
    ['as no time at all, which has ended', 'soon', 0],
    ['not at all, as it does not end', undefined, null],
  ])('travels with a message %s', async (_how, expiresAt, stored) => {
    const authorizer = { viewer: 'user:ada', origin: 'http://x', ...(expiresAt !== undefined && { expiresAt }) };
    const message = { routeKey: '$default', eventType: 'MESSAGE', connectionId: 'c', requestTimeEpoch: 1 } as const;
    await makeSocket(live)({ body: '{"type":"connection_init"}', requestContext: { ...message, authorizer } });
    const record = await g.store.get(keys.connection('c'));
    expect(JSON.parse(Buffer.from(record?.body ?? []).toString())).toMatchObject({
      viewer: 'user:ada',
      expiresAt: stored,
    });
  });
});

describe('what is watched', () => {
  it('ends with the token, for who came by that one, and goes on for who has another', async () => {
    await role('ada', 'VIEWER');
    const run = await newRun(g);
    const short = await watching(run, { headers: bearer(await tokenFor(60)) });
    const long = await watching(run, { headers: bearer(await tokenFor(600)) });
    await happens(run, 1);
    for (const client of [short, long]) expect(await client.next()).toMatchObject({ type: 'next' });
    ahead += 61_000;
    await happens(run, 2);
    expect(await short.next()).toMatchObject({ id: 'a', type: 'error', payload: TOKEN_ENDED });
    expect(await long.next()).toMatchObject({ type: 'next' });
    expect((await listAll(g.store, keys.subscriptions(run))).length).toBe(1);
    // The connection is still there; nothing new begins over it.
    subscribe(short, run, 'b');
    expect(await short.next()).toMatchObject({ id: 'b', type: 'error', payload: TOKEN_ENDED });
  });

  it('ends with the token also where nothing happens any more', async () => {
    await role('ada', 'VIEWER');
    const run = await newRun(g);
    const client = await watching(run, { headers: bearer(await tokenFor(60)) });
    ahead += 61_000;
    await deliverOpen(live);
    expect(await client.next()).toMatchObject({ id: 'a', type: 'error', payload: TOKEN_ENDED });
    expect(await listAll(g.store, keys.subscriptions(run))).toEqual([]);
  });

  it('through a ticket ends with the token that the ticket was made with, also where it was made over a socket', async () => {
    await role('ada', 'VIEWER');
    const run = await newRun(g);
    const first = await watching(run, { query: `?ticket=${await ticketOf(bearer(await tokenFor(90)))}` });
    first.send({ id: 't', type: 'subscribe', payload: { query: TICKET } });
    const { payload } = (await first.next()) as { payload: { data: { createSocketTicket: { ticket: string } } } };
    expect(await first.next()).toEqual({ id: 't', type: 'complete' });
    const second = await watching(run, { query: `?ticket=${payload.data.createSocketTicket.ticket}` });
    ahead += 91_000;
    await happens(run);
    for (const client of [first, second]) {
      expect(await client.next()).toMatchObject({ id: 'a', type: 'error', payload: TOKEN_ENDED });
    }
  });

  it('ends for who is taken out of the project, and who has another role goes on', async () => {
    for (const subject of ['ada', 'bob']) await role(subject, 'RUNNER');
    const run = await newRun(g);
    const [ada, bob] = [
      await watching(run, { headers: bearer(await tokenFor(600, 'ada')) }),
      await watching(run, { headers: bearer(await tokenFor(600, 'bob')) }),
    ];
    await role('ada', null);
    await role('bob', 'VIEWER');
    ahead += BELIEVED_MS;
    await happens(run);
    expect(await ada.next()).toMatchObject({ id: 'a', type: 'error', payload: GONE });
    expect(await bob.next()).toMatchObject({ type: 'next' });
  });

  it('ends for who came by a key that is revoked, or has ended', async () => {
    const run = await newRun(g);
    const [revoked, short] = [await apiKey('VIEWER'), await apiKey('VIEWER', new Date(Date.now() + BELIEVED_MS))];
    const [first, second] = [
      await watching(run, { headers: bearer(revoked.token) }),
      await watching(run, { headers: bearer(short.token) }),
    ];
    await revokeApiKey(g, root, revoked.key.id);
    ahead += BELIEVED_MS;
    await happens(run);
    expect(await first.next()).toMatchObject({ id: 'a', type: 'error', payload: GONE });
    expect(await second.next()).toMatchObject({ id: 'a', type: 'error', payload: TOKEN_ENDED });
  });
});
