/**
 * The ways in which subscriptions over API Gateway are known to break, each shown not to (facts on Lambda and WebSocket APIs).
 * The tenth needs the environment of a Lambda and is beside the functions, the eleventh is about the template and is beside it.
 */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeSocket } from '../../../functions/socket.ts';
import type { SocketHandler } from '../../../functions/socket-event.ts';
import { forgetAllConnections } from '../../../graph/live/connection.ts';
import { deliver } from '../../../graph/live/deliver.ts';
import { keys } from '../../../graph/storage/keys.ts';
import { type ObjectStore, StorageError } from '../../../graph/storage/ports.ts';
import { openFileStore } from '../../clients/file-store.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { startGateway } from './gateway.ts';
import { settled, watch } from './testing/collect.ts';
import { raw } from './testing/raw-client.ts';
import { type Rig, startRig, WATCH } from './testing/rig.ts';
import { ended, metrics } from './testing/runs.ts';

let rig: Rig;
afterEach(() => rig.close());
const allow = async () => ({
  principalId: 'user',
  policyDocument: {
    Version: '2012-10-17' as const,
    Statement: [{ Action: 'execute-api:Invoke' as const, Effect: 'Allow' as const, Resource: '*' }],
  },
  context: { viewer: 'user', origin: 'http://127.0.0.1' },
});

test('1. the handler chooses the subprotocol; the gateway never does by itself', async () => {
  rig = await startRig();
  const good = await raw(rig.gateway.url);
  expect(good.socket.protocol).toBe('graphql-transport-ws');
  const silent: SocketHandler = async () => ({ statusCode: 200 });
  const mute = await startGateway({ port: 0, http: noHttp, socket: silent, authorize: allow });
  try {
    const socket = new WebSocket(`${mute.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [error] = await once(socket, 'error');
    expect(String(error)).toMatch(/no subprotocol/);
  } finally {
    await mute.close();
  }
});

test('1. a client that does not offer the subprotocol is refused before there is a connection', async () => {
  rig = await startRig();
  const socket = new WebSocket(`${rig.gateway.url.replace('http', 'ws')}/graphql`);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(400);
  expect(await text(response)).toContain('graphql-transport-ws');
});

test('2. nothing is stored at $connect: a connection is born when it introduces itself', async () => {
  rig = await startRig();
  const client = await raw(rig.gateway.url);
  expect((await rig.live.g.store.list(keys.allConnections)).objects).toEqual([]);
  client.send({ type: 'connection_init' });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  expect((await rig.live.g.store.list(keys.allConnections)).objects).toHaveLength(1);
});

test('3. nothing is posted from $connect: the gateway knows the connection only after the handler returned', async () => {
  const outcomes: string[] = [];
  rig = await startRig({
    wrapSockets: (sockets) => ({
      send: async (id, message) => {
        const outcome = await sockets.send(id, message);
        outcomes.push(outcome);
        return outcome;
      },
    }),
  });
  const client = await raw(rig.gateway.url, { connection_init: true });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  expect(outcomes).toEqual(['sent']);
});

test('4. a client that is gone is forgotten, and hurts none of the others', async () => {
  rig = await startRig();
  const run = await rig.newRun();
  const clients = await Promise.all(Array.from({ length: 5 }, () => raw(rig.gateway.url, { connection_init: true })));
  for (const client of clients) {
    await client.next();
    client.send({ id: 'watch', type: 'subscribe', payload: { query: WATCH, variables: { run } } });
    await client.next();
  }
  // One more that left without a $disconnect: only its records are still there.
  const { store } = rig.live.g;
  const before = await store.list(keys.subscriptions(run));
  expect(before.objects).toHaveLength(5);
  const ghost = before.objects[0];
  const bytes = ghost && (await store.get(ghost.key));
  if (!ghost || !bytes) throw new Error('there is no subscription');
  const record = JSON.parse(Buffer.from(bytes.body).toString());
  await store.put(
    keys.subscription(run, 'ghost', 'watch@0'),
    Buffer.from(JSON.stringify({ ...record, connection: 'ghost' })),
  );
  await store.put(
    keys.connectionOperation('ghost', 'watch'),
    Buffer.from(JSON.stringify({ v: 1, run, receivedAt: 0 })),
  );
  await rig.say(run, metrics(1));
  await deliver(rig.live, run);
  for (const client of clients) expect(await client.next()).toMatchObject({ type: 'next', id: 'watch' });
  await expect.poll(async () => (await store.list(keys.subscriptions(run))).objects).toHaveLength(5);
  await expect.poll(async () => (await store.list(keys.connectionPrefix('ghost'))).objects).toEqual([]);
});

test('5. the handlers never close a socket: what the protocol closes for is said in a message', async () => {
  rig = await startRig();
  const client = await raw(rig.gateway.url);
  client.send({ id: 'early', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
  expect(await client.next()).toMatchObject({
    type: 'error',
    id: 'early',
    payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  client.sendText('no json');
  expect(await client.next()).toMatchObject({ type: 'pong', payload: { message: expect.stringContaining('JSON') } });
  client.send({ type: 'nonsense' });
  expect(await client.next()).toMatchObject({ type: 'pong' });
  client.send({ id: 'half', type: 'subscribe' });
  expect(await client.next()).toMatchObject({ type: 'error', id: 'half' });
  client.send({ type: 'connection_init' });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  client.send({ type: 'connection_init' });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

test('5. who may not connect is told so by HTTP, before there is a socket', async () => {
  rig = await startRig();
  const deny = await startGateway({
    port: 0,
    http: noHttp,
    socket: makeSocket(rig.live),
    authorize: async () => ({
      principalId: 'nobody',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: '*' }],
      },
    }),
  });
  try {
    const socket = new WebSocket(`${deny.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    response.resume();
  } finally {
    await deny.close();
  }
});

test('6. a handler that fails answers in the protocol; the gateway never has to say Internal server error', async () => {
  rig = await startRig({ viewer: () => Promise.reject(new Error('the directory is down')) });
  const client = await raw(rig.gateway.url, { connection_init: true });
  await client.next();
  client.send({ id: 'q', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
  const answer = await client.next();
  expect(answer).toMatchObject({
    type: 'error',
    id: 'q',
    payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(JSON.stringify(answer)).not.toContain('directory');
});

test('6. a handler that throws makes the gateway push its own words, as AWS does', async () => {
  rig = await startRig();
  const bad = await startGateway({
    port: 0,
    http: noHttp,
    socket: async (event) => {
      if (event.requestContext.eventType === 'MESSAGE') throw new Error('a bug');
      return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'graphql-transport-ws' } };
    },
    authorize: allow,
    log: () => undefined,
  });
  try {
    const client = await raw(bad.url, { connection_init: true });
    expect(await client.next()).toMatchObject({ message: 'Internal server error', connectionId: expect.any(String) });
  } finally {
    await bad.close();
  }
});

test('6. a store that is down is said in the protocol, and the handler still returns 200', async () => {
  const down = () => Promise.reject(new StorageError('UNREACHABLE', 'the storage is down'));
  let isDown = false;
  const store = openFileStore(temporaryFolder());
  rig = await startRig({
    store: Object.fromEntries(
      Object.entries(store).map(([name, act]) => [name, (...args: never[]) => (isDown ? down() : act(...args))]),
    ) as unknown as ObjectStore,
  });
  const run = await rig.newRun();
  const client = await raw(rig.gateway.url, { connection_init: true });
  await client.next();
  isDown = true;
  client.send({ id: 'w', type: 'subscribe', payload: { query: WATCH, variables: { run } } });
  expect(await client.next()).toMatchObject({ type: 'error', id: 'w' });
  isDown = false;
  client.send({ id: 'w', type: 'subscribe', payload: { query: WATCH, variables: { run } } });
  expect(await client.next()).toMatchObject({ type: 'next', id: 'w' });
});

test('7. an idle connection is closed with 1001, one whose client pings is not', async () => {
  rig = await startRig({ limits: { idleMs: 1000 } });
  const idle = await raw(rig.gateway.url);
  const run = await rig.newRun();
  let connections = 0;
  const client = rig.client({
    keepAlive: 100,
    on: {
      connected: () => {
        connections += 1;
      },
    },
  });
  const watching = watch(client, run);
  await watching.until((batches) => batches.length === 1);
  expect(await idle.closed).toBe(1001);
  await rig.say(run, ended);
  await deliver(rig.live, run);
  await watching.completed;
  expect(connections).toBe(1);
});

test('8. a connection is cut after its lifetime, and its client goes on where it was', async () => {
  rig = await startRig({ limits: { lifetimeMs: 250 } });
  const run = await rig.newRun();
  let connections = 0;
  const client = rig.client({
    retryWait: async () => undefined,
    on: {
      connected: () => {
        connections += 1;
      },
    },
  });
  const watching = watch(client, run);
  let last = 0;
  while (connections < 3) {
    const step = ++last;
    await rig.say(run, metrics(step));
    await deliver(rig.live, run);
    await watching.until(() => watching.steps().at(-1) === step);
  }
  await rig.say(run, ended);
  await deliver(rig.live, run);
  await watching.completed;
  expect(watching.steps()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(rig.warnings).toEqual([]);
});

test('9. without a $disconnect nothing is left for good: what a run has ended, and what is gone, is removed', async () => {
  rig = await startRig();
  const run = await rig.newRun();
  const watching = watch(rig.client({ lazy: false }), run);
  await watching.until((batches) => batches.length > 0);
  await rig.say(run, ended);
  await deliver(rig.live, run);
  await watching.completed;
  const subscriptions = async () => (await rig.live.g.store.list(keys.subscriptions(run))).objects;
  await expect.poll(subscriptions).toEqual([]);
  const left = async () => (await rig.live.g.store.list(keys.allConnections)).objects.map(({ key }) => key);
  await expect.poll(left).toEqual([expect.stringMatching(/connection\.json$/)]);
});

test('9. who is gone when a run ends, without a $disconnect, leaves nothing either', async () => {
  let gone = false;
  rig = await startRig({
    wrapSockets: (sockets) => ({
      send: async (id, message) => (gone && message.includes('"complete"') ? 'gone' : sockets.send(id, message)),
    }),
  });
  const run = await rig.newRun();
  const watching = watch(rig.client(), run);
  await watching.until((batches) => batches.length > 0);
  await settled(rig.live, run);
  gone = true;
  await rig.say(run, ended);
  await deliver(rig.live, run);
  expect((await rig.live.g.store.list(keys.subscriptions(run))).objects).toEqual([]);
  expect((await rig.live.g.store.list(keys.allConnections)).objects).toEqual([]);
});

test('9. a $disconnect removes the connection with all its subscriptions', async () => {
  rig = await startRig();
  const runs = [await rig.newRun(), await rig.newRun()];
  const client = rig.client();
  for (const run of runs) await watch(client, run).until((batches) => batches.length > 0);
  const { store } = rig.live.g;
  expect((await store.list(keys.allLive)).objects.filter(({ key }) => key.includes('/subscriptions/'))).toHaveLength(2);
  await client.dispose();
  await expect.poll(async () => (await store.list(keys.allConnections)).objects).toEqual([]);
  expect((await store.list(keys.allLive)).objects.filter(({ key }) => key.includes('/subscriptions/'))).toEqual([]);
});

test('12. the store keeps who the viewer is, never what proves it', async () => {
  rig = await startRig();
  const run = await rig.newRun();
  const watching = watch(rig.client({ connectionParams: { token: 'secret-token' } }), run);
  await watching.until((batches) => batches.length > 0);
  const { store } = rig.live.g;
  for (const prefix of [keys.allLive, keys.allConnections]) {
    for (const { key } of (await store.list(prefix)).objects) {
      expect(Buffer.from((await store.get(key))?.body ?? []).toString()).not.toContain('secret-token');
    }
  }
});

async function noHttp() {
  return { statusCode: 404, headers: {}, body: '' };
}

test('9. a gateway that starts anew forgets the connections of the one before', async () => {
  rig = await startRig();
  const run = await rig.newRun();
  await watch(rig.client(), run).until((batches) => batches.length > 0);
  await forgetAllConnections(rig.live);
  expect((await rig.live.g.store.list(keys.allLive)).objects).toEqual([]);
  expect((await rig.live.g.store.list(keys.allConnections)).objects).toEqual([]);
});
