import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { append } from '../graph/run/journal.ts';
import { keys } from '../graph/storage/keys.ts';
import { openFileStore } from '../infra/clients/file-store.ts';
import { createConnections } from '../infra/local/gateway/connections.ts';
import { startConnectionsApi } from '../infra/local/gateway/connections-api.ts';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { raw } from '../infra/local/gateway/testing/raw-client.ts';
import { metrics, newRun } from '../infra/local/gateway/testing/runs.ts';
import { temporaryFolder } from '../infra/test/temporary-folder.ts';
import { handler as authorize } from './authorize.ts';
import { handler as catchUp } from './catch-up.ts';
import { handler as deliver } from './deliver.ts';
import { readEnv } from './env.ts';
import { handler as http } from './http.ts';
import { createLive } from './live.ts';
import { handler as reconcile } from './reconcile.ts';
import { handler as socket } from './socket.ts';
import type { SocketHandler } from './socket-event.ts';
import { handler as status } from './status.ts';
import { wire } from './wire.ts';

const credentials = { accessKeyId: 'gateway', secretAccessKey: 'secret of the test' };
const region = 'us-east-1';
const folder = temporaryFolder();
const storage = {
  GANWAY_EMBEDDED_STORE: folder,
  GANWAY_LINK_SECRET: Buffer.alloc(32, 1).toString('base64'),
  GANWAY_LOG_LEVEL: 'silent',
};

it('a handler without an environment fails its event with all that is missing, and is none the worse for it', async () => {
  await expect(status({ detail: { jobId: 'a', jobName: 'b', status: 'FAILED' } })).rejects.toThrow(
    'GANWAY_S3_BUCKET is missing',
  );
});

it('live delivery says which variable is missing', () => {
  expect(() => createLive(wire(readEnv(storage)))).toThrow('GANWAY_SOCKETS_ENDPOINT is missing.');
});

/** Events as they come through a custom domain: what they say of host and stage is no place to send anything to. */
const behindDomain: SocketHandler = (event) => {
  const custom = { domainName: 'live.example.org', stage: 'no-such-stage', apiId: 'none' };
  return socket({ ...event, requestContext: { ...event.requestContext, ...custom } });
};

describe('the handlers, as a cloud starts them', () => {
  let gateway: Gateway;
  let api: Awaited<ReturnType<typeof startConnectionsApi>>;

  beforeAll(async () => {
    const connections = createConnections();
    api = await startConnectionsApi({ connections, credentials, region });
    const environment = {
      ...storage,
      GANWAY_AUTOMATIC_USER: '1',
      GANWAY_PROJECT: 'lab',
      GANWAY_SCHEME: 'http',
      GANWAY_SOCKETS_ENDPOINT: api.endpoint,
      GANWAY_SOCKETS_ACCESS_KEY_ID: credentials.accessKeyId,
      GANWAY_SOCKETS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    gateway = await startGateway({ port: 0, http, authorize, socket: behindDomain, connections });
  });
  afterAll(async () => {
    await gateway.close();
    await api.close();
    vi.unstubAllEnvs();
  });

  it('answer over HTTP', async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
    expect(await response.json()).toEqual({ data: { viewer: { id: 'local' } } });
  });

  it('10. answer at the endpoint of their environment, not at the domain that an event came through', async () => {
    const client = await raw(gateway.url, { connection_init: true });
    expect(await client.next()).toEqual({ type: 'connection_ack' });
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.socket.close();
    await client.closed;
  });

  it('send through the @connections API what a storage notification is about, and on time what none came for', async () => {
    const g = { store: openFileStore(folder) };
    const runId = await newRun(g);
    const client = await raw(gateway.url, { connection_init: true });
    expect(await client.next()).toEqual({ type: 'connection_ack' });
    const query = `subscription { runEvents(runId: "${runId}") { events { ... on MetricsLogged { step } } } }`;
    client.send({ id: 'watch', type: 'subscribe', payload: { query } });
    // What there was before.
    expect(await client.next()).toMatchObject({ id: 'watch', type: 'next' });
    await append(g, runId, () => [metrics(1)]);
    const key = encodeURIComponent(keys.segment(runId, 2));
    await deliver({ Records: [{ s3: { object: { key } } }] });
    expect(await client.next()).toMatchObject({
      id: 'watch',
      type: 'next',
      payload: { data: { runEvents: { events: [{ step: 1 }] } } },
    });
    await append(g, runId, () => [metrics(2)]);
    await catchUp({ time: '2026-01-01T00:00:00Z' });
    expect(await client.next()).toMatchObject({ payload: { data: { runEvents: { events: [{ step: 2 }] } } } });
    client.socket.close();
    await client.closed;
  });

  it('take the news of the queue and the ticks of the schedule', async () => {
    await status({ detail: { jobId: 'a', jobName: 'of somebody else', status: 'FAILED' } });
    await reconcile({ time: '2026-01-01T00:00:00Z' });
  });
});
