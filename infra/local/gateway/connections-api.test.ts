import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../../../graph/storage/keys.ts';
import type { Sockets } from '../../../graph/storage/ports.ts';
import { openSockets } from '../../clients/sockets.ts';
import { startConnectionsApi } from './connections-api.ts';
import { type RawClient, raw } from './testing/raw-client.ts';
import { type Rig, startRig } from './testing/rig.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
const region = 'us-east-1';
let rig: Rig;
let api: Awaited<ReturnType<typeof startConnectionsApi>>;
let client: RawClient;
let id: string;

beforeEach(async () => {
  rig = await startRig();
  api = await startConnectionsApi({ connections: rig.connections, credentials, region });
  client = await raw(rig.gateway.url, { connection_init: true });
  await client.next();
  const [connection] = (await rig.live.g.store.list(keys.allConnections)).objects;
  id = decodeURIComponent(connection?.key.split('/')[1] ?? '');
});
afterEach(async () => {
  await api.close();
  await rig.close();
});

const implementations: [string, () => Sockets][] = [
  ['in process', () => rig.connections.sockets],
  ["over AWS's client", () => openSockets({ endpoint: api.endpoint, region, credentials })],
];

describe.each(implementations)('sending %s', (_name, open) => {
  it('reaches the client as it is', async () => {
    expect(await open().send(id, '{"grün":"😀"}')).toBe('sent');
    expect(await client.next()).toEqual({ grün: '😀' });
  });

  it('says gone of a connection that was closed, and of one that never was', async () => {
    client.socket.close();
    await client.closed;
    await expect.poll(() => open().send(id, '{}')).toBe('gone');
    expect(await open().send('never+was/=', '{}')).toBe('gone');
  });

  it('carries 128 KB and not a byte more', async () => {
    const message = (bytes: number) => `{"fill":"${'x'.repeat(bytes - 11)}"}`;
    expect(await open().send(id, message(128 * 1024))).toBe('sent');
    expect(await client.next()).toHaveProperty('fill');
    expect(await open().send(id, message(128 * 1024 + 1))).toBe('failed');
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('fails for a client that does not read, instead of waiting for it', async () => {
    client.socket.pause();
    const message = `{"fill":"${'x'.repeat(120_000)}"}`;
    const sockets = open();
    await expect
      .poll(async () => (await Promise.all(Array.from({ length: 50 }, () => sockets.send(id, message)))).at(-1))
      .toBe('failed');
    client.socket.resume();
    await client.next();
    await expect.poll(() => sockets.send(id, '{}')).toBe('sent');
  });
});

describe('the @connections API', () => {
  const management = (secretAccessKey = 'secret') =>
    new ApiGatewayManagementApiClient({
      endpoint: api.endpoint,
      region,
      credentials: { accessKeyId: 'local', secretAccessKey },
    });

  it('tells about a connection and closes it', async () => {
    const got = await management().send(new GetConnectionCommand({ ConnectionId: id }));
    expect(got.ConnectedAt).toBeInstanceOf(Date);
    await management().send(new DeleteConnectionCommand({ ConnectionId: id }));
    await client.closed;
    await expect
      .poll(() =>
        management()
          .send(new GetConnectionCommand({ ConnectionId: id }))
          .catch((error) => error.name),
      )
      .toBe('GoneException');
  });

  it('believes only who signs with its key', async () => {
    const get = new GetConnectionCommand({ ConnectionId: id });
    await expect(management('wrong').send(get)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    const unsigned = await fetch(`${api.endpoint}/@connections/${encodeURIComponent(id)}`, {
      method: 'POST',
      body: 'x',
    });
    expect(unsigned.status).toBe(403);
  });
});
