import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LaunchRefused, launchCredentials } from './launch-credentials.ts';

const MINUTE = 60_000;
let server: Server;
let url: string;
let now: number;
let asked: (string | undefined)[];
/** The answer of the endpoint: credentials for so many minutes, or a status. */
let answer: { minutes: number } | { status: number };
/** Resolved at the next answer. */
let onAnswer: () => void = () => {};

beforeAll(async () => {
  server = createServer(({ method, headers }, response) => {
    asked.push(`${method} ${headers.authorization}`);
    response.on('close', () => onAnswer());
    if ('status' in answer) {
      response.writeHead(answer.status).end('{"message":"No."}');
      return;
    }
    const expiration = new Date(now + answer.minutes * MINUTE);
    response.end(
      JSON.stringify({ accessKeyId: `key ${asked.length}`, secretAccessKey: 's', sessionToken: 't', expiration }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00.000Z');
  asked = [];
  answer = { minutes: 60 };
});

function open() {
  const refusals: LaunchRefused[] = [];
  const onRefused = (error: LaunchRefused) => refusals.push(error);
  return { provide: launchCredentials({ url, token: 'token', now: () => now, onRefused }), refusals };
}
const answered = () =>
  new Promise<void>((resolve) => {
    onAnswer = resolve;
  });

describe('the credentials of a launch', () => {
  it('are asked for once, however many need them', async () => {
    const { provide } = open();
    const given = await Promise.all([provide(), provide(), provide()]);
    expect(given.map(({ accessKeyId }) => accessKeyId)).toEqual(['key 1', 'key 1', 'key 1']);
    expect(asked).toEqual(['POST Bearer token']);
  });

  it('are asked for again five minutes before they end, and serve until the new ones are there', async () => {
    const { provide } = open();
    await provide();
    now += 54 * MINUTE;
    await provide();
    expect(asked).toHaveLength(1);
    now += 2 * MINUTE;
    const renewed = answered();
    expect((await provide()).accessKeyId).toBe('key 1');
    await renewed;
    while ((await provide()).accessKeyId === 'key 1') await new Promise(setImmediate);
    expect((await provide()).accessKeyId).toBe('key 2');
    expect(asked).toHaveLength(2);
  });

  it('serve to their end while the endpoint is down, which is not asked at every request', async () => {
    const { provide, refusals } = open();
    await provide();
    answer = { status: 503 };
    now += 56 * MINUTE;
    const failed = answered();
    for (let request = 0; request < 50; request++) expect((await provide()).accessKeyId).toBe('key 1');
    await failed;
    expect(asked).toHaveLength(2);
    now += 4 * MINUTE;
    await expect(provide()).rejects.toThrow('The credential endpoint answers 503: No.');
    answer = { minutes: 60 };
    expect((await provide()).accessKeyId).toBe(`key ${asked.length}`);
    expect(refusals).toEqual([]);
  });

  it('are refused for good once none are left to go on with', async () => {
    const { provide, refusals } = open();
    await provide();
    answer = { status: 403 };
    now += 56 * MINUTE;
    const refused = answered();
    await provide();
    await refused;
    expect(refusals).toEqual([]);
    now += 4 * MINUTE;
    await expect(provide()).rejects.toMatchObject({ name: 'LaunchRefused', why: 'OVER', message: 'No.' });
    answer = { status: 401 };
    await expect(provide()).rejects.toMatchObject({ why: 'UNPROVEN' });
    expect(refusals.map(({ why }) => why)).toEqual(['OVER', 'UNPROVEN']);
  });

  it('that come misshapen are no credentials', async () => {
    answer = { minutes: Number.NaN };
    await expect(open().provide()).rejects.toThrow();
  });
});
