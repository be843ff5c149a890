import { afterEach, describe, expect, it } from 'vitest';
import { makeSocket } from '../../../functions/socket.ts';
import type { Live } from '../../../graph/live/live.ts';
import { keys } from '../../../graph/storage/keys.ts';
import { type RawClient, raw } from './testing/raw-client.ts';
import { type Rig, startRig, WATCH } from './testing/rig.ts';
import { ended, metrics } from './testing/runs.ts';
import { preceded } from './testing/stores.ts';

let rig: Rig;
afterEach(() => rig.close());

async function ready(): Promise<RawClient> {
  rig = await startRig();
  const client = await raw(rig.gateway.url, { connection_init: true });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  return client;
}

const subscribe = (id: string, query: string, more: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...more },
});
const connectionIds = async (): Promise<string[]> =>
  (await rig.live.g.store.list(keys.allConnections)).objects.map(({ key }) =>
    decodeURIComponent(key.split('/')[1] ?? ''),
  );
/** Hands messages of the one connection to a handler in any order, each with the time at which the gateway received it. */
async function handling(live: Live = rig.live): Promise<(body: object, requestTimeEpoch: number) => Promise<unknown>> {
  const handler = makeSocket(live);
  const [connectionId = ''] = await connectionIds();
  return (body, requestTimeEpoch) =>
    handler({
      body: JSON.stringify(body),
      requestContext: { routeKey: '$default', eventType: 'MESSAGE', connectionId, requestTimeEpoch },
    });
}
const liveSubscriptions = async (run: string) => (await rig.live.g.store.list(keys.subscriptions(run))).objects.length;

describe('graphql-transport-ws', () => {
  it('answers pings with their payload and takes pongs', async () => {
    const client = await ready();
    client.send({ type: 'pong' });
    client.send({ type: 'ping', payload: { at: 1 } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  });

  it('executes queries at once, and an id may be used again after its end', async () => {
    const client = await ready();
    for (const _ of [1, 2]) {
      client.send(
        subscribe('a', 'query Who($skip: Boolean = false) { viewer { id name @skip(if: $skip) } }', {
          variables: { skip: true },
        }),
      );
      expect(await client.next()).toEqual({ id: 'a', type: 'next', payload: { data: { viewer: { id: 'user' } } } });
      expect(await client.next()).toEqual({ id: 'a', type: 'complete' });
    }
  });

  it('answers what cannot be executed with an error and its code', async () => {
    const client = await ready();
    const run = await rig.newRun();
    const cases = [
      [subscribe('1', '{ viewer {'), 'GRAPHQL_PARSE_FAILED'],
      [subscribe('2', '{ nothing }'), 'GRAPHQL_VALIDATION_FAILED'],
      [subscribe('3', WATCH, { variables: { run: 'lab-000000000000000000' } }), 'NOT_FOUND'],
      [subscribe('4', WATCH, { variables: { run: '../../secret' } }), 'NOT_FOUND'],
      [subscribe('5', WATCH, { variables: { run: run.replace('lab', 'other') } }), 'NOT_FOUND'],
      [subscribe('6', WATCH, { variables: { run, after: 'yesterday' } }), 'BAD_USER_INPUT'],
      [subscribe('7', WATCH, { variables: { run, after: '' } }), 'BAD_USER_INPUT'],
      [subscribe('past the end', WATCH, { variables: { run, after: '0000000009.00000' } }), 'BAD_USER_INPUT'],
      [subscribe('8', WATCH), 'BAD_USER_INPUT'],
      [subscribe('9', WATCH, { variables: { run: { a: 1 } } }), 'BAD_USER_INPUT'],
      [subscribe('x'.repeat(1000), WATCH, { variables: { run } }), 'BAD_REQUEST'],
    ] as const;
    for (const [message, code] of cases) {
      client.send(message);
      const answer = await client.next();
      expect(answer).toMatchObject({ id: message.id, type: 'error', payload: [{ message: expect.any(String) }] });
      expect(answer, JSON.stringify(answer)).toMatchObject({ payload: [{ extensions: { code } }] });
    }
    client.send(subscribe('again', '{ viewer { id } }'));
    expect(await client.next()).toMatchObject({ type: 'next', id: 'again' });
  });

  it('answers an operation name that is not there, and a document with several and none named', async () => {
    const client = await ready();
    const query = 'query A { viewer { id } } query B { viewer { name } }';
    client.send(subscribe('named', query, { operationName: 'B' }));
    expect(await client.next()).toMatchObject({ payload: { data: { viewer: { name: 'User' } } } });
    expect(await client.next()).toEqual({ id: 'named', type: 'complete' });
    for (const operationName of ['C', undefined]) {
      client.send(subscribe('bad', query, { operationName }));
      const answer = await client.next();
      expect(answer).toMatchObject({ id: 'bad' });
      expect(JSON.stringify(answer)).toMatch(/operation/);
      if (answer.type === 'next') expect(await client.next()).toEqual({ id: 'bad', type: 'complete' });
    }
  });

  it('finds the field behind fragments, aliases and default values', async () => {
    const client = await ready();
    const run = await rig.newRun();
    const query = `subscription ($run: ID!, $after: String = "0000000000.00000") { ...Root }
      fragment Root on Subscription { ... { live: runEvents(runId: $run, after: $after) { since cursor } } }`;
    client.send(subscribe('f', query, { variables: { run } }));
    expect(await client.next()).toMatchObject({ payload: { data: { live: { since: '0000000000.00000' } } } });
  });

  it('ends a subscription at once on complete, and its id is free', async () => {
    const client = await ready();
    const run = await rig.newRun();
    client.send(subscribe('a', WATCH, { variables: { run } }));
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
    client.send({ id: 'a', type: 'complete' });
    await expect.poll(() => liveSubscriptions(run)).toBe(0);
    client.send(subscribe('a', WATCH, { variables: { run } }));
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
    expect(await liveSubscriptions(run)).toBe(1);
  });

  it('ends both where an id is used twice at a time', async () => {
    const client = await ready();
    const run = await rig.newRun();
    client.send(subscribe('a', WATCH, { variables: { run } }));
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
    client.send(subscribe('a', WATCH, { variables: { run } }));
    expect(await client.next()).toMatchObject({
      id: 'a',
      type: 'error',
      payload: [{ message: 'Subscriber for a already exists.' }],
    });
    expect(await liveSubscriptions(run)).toBe(0);
  });

  it('completes at once where there is nothing after the cursor and the run has ended', async () => {
    const client = await ready();
    const run = await rig.newRun();
    await rig.say(run, metrics(1), ended);
    client.send(subscribe('a', WATCH, { variables: { run } }));
    const { payload } = (await client.next()) as { payload: { data: { runEvents: { cursor: string } } } };
    expect(await client.next()).toEqual({ id: 'a', type: 'complete' });
    client.send(subscribe('a', WATCH, { variables: { run, after: payload.data.runEvents.cursor } }));
    expect(await client.next()).toEqual({ id: 'a', type: 'complete' });
  });

  it('does not begin an operation whose complete was handled first, as Lambda may', async () => {
    const client = await ready();
    const run = await rig.newRun();
    const handle = await handling();
    const begin = subscribe('a', WATCH, { variables: { run } });
    await handle({ id: 'a', type: 'complete' }, 1001);
    await handle(begin, 1000);
    expect(await liveSubscriptions(run)).toBe(0);
    await handle({ id: 'a', type: 'complete' }, 1001);
    await handle(begin, 1002);
    expect(await liveSubscriptions(run)).toBe(1);
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
  });

  it('does not begin an operation whose complete was handled first, though an earlier one met nothing either', async () => {
    await ready();
    const run = await rig.newRun();
    const handle = await handling();
    await handle({ id: 'a', type: 'complete' }, 1000);
    await handle({ id: 'a', type: 'complete' }, 1003);
    await handle(subscribe('a', WATCH, { variables: { run } }), 1002);
    expect(await liveSubscriptions(run)).toBe(0);
  });

  it('does not end an operation for a late complete of one before it with its id', async () => {
    await ready();
    const run = await rig.newRun();
    const handle = await handling();
    await handle(subscribe('a', WATCH, { variables: { run } }), 1002);
    await handle({ id: 'a', type: 'complete' }, 1001);
    expect(await liveSubscriptions(run)).toBe(1);
    await handle({ id: 'a', type: 'complete' }, 1003);
    expect(await liveSubscriptions(run)).toBe(0);
  });

  it('begins an operation while the complete of the one before it with its id is handled', async () => {
    const client = await ready();
    const run = await rig.newRun();
    const handle = await handling();
    const begin = subscribe('a', WATCH, { variables: { run } });
    await handle(begin, 1000);
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
    const { store } = rig.live.g;
    const [connectionId = ''] = await connectionIds();
    const get = preceded(store.get, keys.connectionOperation(connectionId, 'a'), () =>
      handle({ id: 'a', type: 'complete' }, 1001),
    );
    const overtaken = await handling({ ...rig.live, g: { ...rig.live.g, store: { ...store, get } } });
    await overtaken(begin, 1002);
    expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
    expect(await liveSubscriptions(run)).toBe(1);
  });
});
