import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpEvent } from '../../../functions/http-event.ts';
import { startGateway } from './gateway.ts';
import { raw } from './testing/raw-client.ts';
import { type Rig, type RigOptions, startRig } from './testing/rig.ts';

let rig: Rig;
afterEach(() => rig.close());

/** A gateway whose HTTP handler shows the event it was given. */
async function showing(options: RigOptions = {}): Promise<string> {
  rig = await startRig({
    http: async (event: HttpEvent) => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }),
    ...options,
  });
  return rig.gateway.url;
}

/** A request with headers that fetch would not send. */
async function ask(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const request = httpRequest(url, { headers }).end();
  const [response] = await once(request, 'response');
  return { status: response.statusCode, body: await text(response) };
}

async function upgrade(url: string, headers: Record<string, string>): Promise<number | 'open'> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
}

describe('HTTP', () => {
  it('hands requests over as events of payload 2.0', async () => {
    const url = await showing();
    const response = await fetch(`${url}/graphql?query=%7Bviewer%7D&a=1&a=2`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Custom': 'Value' },
      body: '{"grün":"😀"}',
    });
    expect(await response.json()).toMatchObject({
      version: '2.0',
      rawPath: '/graphql',
      rawQueryString: 'query=%7Bviewer%7D&a=1&a=2',
      queryStringParameters: { query: '{viewer}', a: '1,2' },
      headers: { 'x-custom': 'Value', host: url.replace('http://', '') },
      requestContext: { http: { method: 'POST', path: '/graphql' } },
      body: '{"grün":"😀"}',
      isBase64Encoded: false,
    });
  });

  it('hands bytes over in base64', async () => {
    const url = await showing();
    const body = new Uint8Array([0, 255, 128]);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
    expect(await response.json()).toMatchObject({ isBase64Encoded: true, body: 'AP+A' });
  });

  it('refuses a body over a megabyte, announced or not', async () => {
    const url = await showing();
    const huge = new Uint8Array(1024 * 1024 + 1);
    expect((await fetch(`${url}/graphql`, { method: 'POST', body: huge })).status).toBe(413);
    const request = httpRequest(`${url}/graphql`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    request.on('error', () => undefined);
    request.end(huge);
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says what is where for any other path, and that a failing handler failed', async () => {
    const url = await showing({ http: () => Promise.reject(new Error('a bug')) });
    const nowhere = await fetch(`${url}/nowhere`);
    expect(nowhere.status).toBe(404);
    expect(await nowhere.json()).toEqual({ message: 'There is nothing at /nowhere. The API is at /graphql.' });
    const failed = await fetch(`${url}/graphql`);
    expect(failed.status).toBe(500);
    expect(await failed.json()).toEqual({ message: 'Internal server error' });
  });
});

describe('names and origins', () => {
  const cases = [
    ['its own name', {}, 200],
    ['localhost', { host: 'localhost:4000' }, 200],
    ['IPv6 loopback', { host: '[::1]:4000' }, 200],
    ['a name below localhost', { host: 'ganway.localhost' }, 200],
    ['a name that was allowed', { host: 'gpu-box:4000' }, 200],
    ['a name that somebody pointed here', { host: 'evil.example:4000' }, 421],
    ['a name that only looks like loopback', { host: 'localhost.evil.example' }, 421],
    ['its own page', { host: 'localhost:4000', origin: 'http://localhost:4000' }, 200],
    ['a page that was allowed', { origin: 'https://studio.example' }, 200],
    ["another site's page", { origin: 'https://evil.example' }, 403],
    ["another port's page", { host: 'localhost:4000', origin: 'http://localhost:3000' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
  ] as const;

  it.each(cases)('%s', async (_name, headers, status) => {
    const url = await showing({ hostRules: { hosts: ['gpu-box'], origins: ['https://studio.example'] } });
    const answer = await ask(`${url}/graphql`, headers);
    expect(answer.status).toBe(status);
    if (status !== 200) expect(JSON.parse(answer.body).message).toMatch(/^(This server|Pages of)/);
    expect(await upgrade(url, headers)).toBe(status === 200 ? 'open' : status);
  });
});

describe('sockets', () => {
  it('are only at /graphql', async () => {
    const url = await showing();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/other`, 'graphql-transport-ws');
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
    response.resume();
  });

  it('are closed with 1009 by a message over 128 KB and by a frame over 32 KB, and carry what is just as large', async () => {
    const url = await showing();
    const frames = (client: Awaited<ReturnType<typeof raw>>, bytes: number) => {
      const filler = `{"type":"ping","payload":{"fill":"${'x'.repeat(bytes - 37)}"}}`;
      const pieces = filler.match(/.{1,32768}/gs) ?? [];
      for (const [index, piece] of pieces.entries()) client.socket.send(piece, { fin: index === pieces.length - 1 });
    };
    const fine = await raw(url);
    frames(fine, 128 * 1024);
    expect(await fine.next()).toMatchObject({ type: 'pong' });
    const long = await raw(url);
    frames(long, 128 * 1024 + 1);
    expect(await long.closed).toBe(1009);
    const wide = await raw(url);
    wide.sendText(`{"type":"ping","payload":{"fill":"${'x'.repeat(32 * 1024)}"}}`);
    expect(await wide.closed).toBe(1009);
  });

  it('are handled one message after the other', async () => {
    const seen: string[] = [];
    rig = await startRig();
    const gateway = await startGateway({
      port: 0,
      http: async () => ({ statusCode: 404, headers: {}, body: '' }),
      authorize: async () => ({
        principalId: 'a',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }],
        },
      }),
      socket: async (event) => {
        seen.push(`${event.body ?? event.requestContext.eventType} begins`);
        await new Promise(setImmediate);
        seen.push(`${event.body ?? event.requestContext.eventType} ends`);
        return { statusCode: 200, headers: { 'sec-websocket-protocol': 'graphql-transport-ws' } };
      },
    });
    const client = await raw(gateway.url);
    client.sendText('1');
    client.sendText('2');
    await expect.poll(() => seen.length).toBe(6);
    client.socket.close();
    await expect.poll(() => seen.at(-1)).toBe('DISCONNECT ends');
    await gateway.close();
    expect(seen).toEqual(['CONNECT', '1', '2', 'DISCONNECT'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('are closed with 1001 when the gateway closes', async () => {
    const url = await showing();
    const client = await raw(url);
    await rig.gateway.close();
    expect(await client.closed).toBe(1001);
  });
});

it('a port in use is said in a sentence, with the cause kept', async () => {
  const url = await showing();
  const port = Number(new URL(url).port);
  const second = startGateway({
    port,
    http: async () => ({ statusCode: 404, headers: {}, body: '' }),
    socket: async () => ({ statusCode: 200 }),
    authorize: () => Promise.reject(new Error('never asked')),
  });
  await expect(second).rejects.toMatchObject({
    message: expect.stringContaining(`Port ${port} is in use`),
    cause: { code: 'EADDRINUSE' },
  });
});

describe('a request target that is no path', () => {
  /** The first line of the answer to bytes as they stand. */
  async function statusOf(url: string, ...lines: readonly string[]): Promise<string> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`${[...lines, `Host: ${host}`].join('\r\n')}\r\n\r\n`);
    const [chunk] = await once(socket, 'data');
    socket.destroy();
    return String(chunk).split('\r\n')[0] ?? '';
  }

  it.each(['//', '//[', '//:80'])(
    'is refused, as a request and as an upgrade, and ends nothing: %s',
    async (target) => {
      const url = await showing();
      expect(await statusOf(url, `GET ${target} HTTP/1.1`)).toContain(' 400 ');
      const upgraded = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
      expect(await statusOf(url, `GET ${target} HTTP/1.1`, ...upgraded)).toContain(' 400 ');
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    },
  );
});
