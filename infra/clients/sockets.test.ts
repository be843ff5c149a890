import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSockets } from './sockets.ts';

/** What the server was sent, and under which path. */
const received: { path: string | undefined; message: string }[] = [];
/** The status that a connection's name asks for; `silent` gets none at all. */
const server = createServer(async (request, response) => {
  received.push({ path: request.url, message: await text(request) });
  const status = /status-(\d+)/.exec(request.url ?? '')?.[1];
  if (!request.url?.includes('silent')) response.writeHead(Number(status ?? 200)).end();
});
let endpoint: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stage`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
const open = () => openSockets({ endpoint, region: 'us-east-1', credentials, timeoutMs: 300 });

test('a message reaches its connection under the stage, whatever is in its name', async () => {
  expect(await open().send('L0SM9cOFvHcCIhw=', '{"grün":"😀"}')).toBe('sent');
  expect(received.at(-1)).toEqual({ path: '/stage/@connections/L0SM9cOFvHcCIhw%3D', message: '{"grün":"😀"}' });
});

test.each([
  [410, 'gone'],
  [400, 'failed'],
  [403, 'failed'],
  [413, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
] as const)('status %i means %s, and the message is not sent again', async (status, outcome) => {
  const before = received.length;
  expect(await open().send(`status-${status}`, 'hello')).toBe(outcome);
  expect(received.length).toBe(before + 1);
});

test('silence, and no server at all, mean failed before long', async () => {
  expect(await open().send('silent', 'hello')).toBe('failed');
  const nowhere = openSockets({ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials });
  expect(await nowhere.send('anyone', 'hello')).toBe('failed');
});
