import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ServerDocument } from './operations.gen.ts';
import { connect } from './transport.ts';

/** A server that gives one answer to everything. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const problem = (code: string) =>
  JSON.stringify({ errors: [{ message: 'What is wrong.', path: ['run', 2], extensions: { code } }] });

describe('a request', () => {
  it('gives the data of the answer', async () => {
    const origin = await answering(200, '{"data":{"server":{"version":"1"}}}');
    expect(await connect(origin).request(ServerDocument, {})).toEqual({ server: { version: '1' } });
  });

  it.each([
    [
      'input the server cannot use',
      200,
      problem('BAD_USER_INPUT'),
      'INVALID',
      'What is wrong. (BAD_USER_INPUT at run.2)',
    ],
    ['any other error', 200, problem('UNAUTHENTICATED'), 'REFUSED', 'What is wrong. (UNAUTHENTICATED at run.2)'],
    [
      'JSON of another program',
      403,
      '{"message":"no"}',
      'UNREACHABLE',
      /No Ganway at .*answered 403: {"message":"no"}/,
    ],
    ['a page', 200, '<html>', 'UNREACHABLE', /No Ganway at .*<html>/],
    ['null', 200, 'null', 'UNREACHABLE', /No Ganway at/],
  ])('fails with words and a code: %s', async (_name, status, body, code, message) => {
    const origin = await answering(status, body);
    await expect(connect(origin).request(ServerDocument, {})).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

it.each(['nonsense', 'localhost:4000', 'ftp://127.0.0.1'])('%s is no server', (server) => {
  expect(() => connect(server)).toThrow(TypeError);
});
