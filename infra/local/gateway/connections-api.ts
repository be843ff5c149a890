/** The `@connections` API of API Gateway on a loopback port of its own, for clients of AWS's SDK; knows no handler. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../queue/errors.ts';
import { isLoopback } from '../queue/loopback.ts';
import { type Credentials, type ReceivedRequest, verifier } from '../queue/signature.ts';
import { readBody } from './body.ts';
import { type Connections, MAX_MESSAGE_BYTES } from './connections.ts';
import { headersOf } from './http-event.ts';

export interface ConnectionsApiOptions {
  readonly connections: Connections;
  readonly credentials: Credentials;
  readonly region: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** Starts it; resolves with the endpoint to give to a client. */
export async function startConnectionsApi({ connections, credentials, region, port = 0 }: ConnectionsApiOptions) {
  const verify = verifier({ credentials, region, service: 'execute-api', now: Date.now });
  const server = createServer((request, response) => {
    answer(request, response, connections, verify).catch((error) => {
      if (error instanceof AwsError) return send(response, error.status, error.code, error.message);
      return send(response, 500, 'InternalServerErrorException', 'Internal server error');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  connections: Connections,
  verify: (request: ReceivedRequest) => Promise<void>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://connections');
  const headers = headersOf(request);
  if (!isLoopback((headers.host ?? '').replace(/:\d+$/, ''))) {
    throw new AwsError('AccessDeniedException', 'This port answers only under a loopback name.');
  }
  const body = await readBody(request, MAX_MESSAGE_BYTES);
  if (body === null) {
    response.setHeader('connection', 'close');
    return send(response, 413, 'PayloadTooLargeException', 'Message too long');
  }
  const method = request.method ?? '';
  await verify({ method, path: url.pathname, query: url.searchParams, headers, body });
  const encoded = /^\/@connections\/([^/]+)$/.exec(url.pathname)?.[1];
  if (encoded === undefined) throw new AwsError('UnknownOperationException', `There is nothing at ${url.pathname}.`);
  const id = decodeURIComponent(encoded);
  const connection = connections.get(id);
  const gone = () => send(response, 410, 'GoneException', '');
  switch (method) {
    case 'POST': {
      const outcome = connections.post(id, body);
      if (outcome === 'gone') return gone();
      if (outcome === 'busy') return send(response, 429, 'LimitExceededException', 'The client does not keep up');
      return send(response, 200);
    }
    case 'GET':
      if (connection === undefined) return gone();
      return send(response, 200, undefined, undefined, {
        connectedAt: connection.connectedAt.toISOString(),
        lastActiveAt: connection.lastActiveAt.toISOString(),
      });
    case 'DELETE':
      if (connection === undefined) return gone();
      connection.socket.close(1000);
      return send(response, 204);
    default:
      throw new AwsError('UnknownOperationException', `There is no ${method} of a connection.`);
  }
}

function send(response: ServerResponse, status: number, code?: string, message?: string, body?: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(code === undefined ? {} : { 'x-amzn-errortype': code }),
  });
  response.end(status === 204 ? undefined : JSON.stringify(body ?? (message === undefined ? {} : { message })));
}
