/** Listens in on everything that is said to a queue and by it; changes nothing. */
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request and its answer, as JSON carries them. */
export interface Exchange {
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  /** Code of an error, without a namespace; null where it is none. */
  readonly errortype: string | null;
  readonly answer: unknown;
}

export interface Tap {
  /** To use in place of the queue's. */
  readonly endpoint: string;
  readonly exchanges: readonly Exchange[];
}

/** Starts to listen; ends with the test. */
export async function tap(endpoint: string): Promise<Tap> {
  const { hostname, port } = new URL(endpoint);
  const exchanges: Exchange[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, headers, url: path = '' } = incoming;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, method, headers, path, agent: false }, resolve).on('error', reject).end(body);
    });
    const payload = await buffer(reply);
    const errortype = reply.headers['x-amzn-errortype'];
    exchanges.push({
      ...{ path, request: parsed(body), status: reply.statusCode ?? 0, answer: parsed(payload) },
      errortype: typeof errortype === 'string' ? errortype : null,
    });
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    outgoing.end(payload);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    return body.toString();
  }
}
