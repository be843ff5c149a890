/** The queue's HTTP server on loopback: size, host and signature of each request, then its route; knows no job. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import type { Route } from './routes.ts';
import type { ReceivedRequest } from './signature.ts';

/** What SubmitJob takes; no other request needs as much. */
const MOST_BODY_BYTES = 30 * 1024;
/** What is read of a body that is too long, so that its sender can read the refusal. */
const MOST_DRAINED_BYTES = 4 * 1024 * 1024;

export interface ServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly routes: ReadonlyMap<string, Route>;
  readonly verify: (request: ReceivedRequest) => Promise<void>;
  /** Fault injection: whether the reply to this path, which has been done, gets lost. */
  readonly losesReply: (path: string) => boolean;
  readonly report: (message: string) => void;
}

/** Resolves once it listens; rejects where it cannot. */
export async function startServer(options: ServerOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, options));
  await listen(server, options);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the queue listens on no port');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://queue');
    const body = await readBody(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : (value ?? ''),
      ]),
    );
    // Against pages in a browser that let their own name point here (DNS rebinding).
    if (!isLoopback(hostname(headers.host))) {
      throw new AwsError('AccessDeniedException', 'The local queue answers only under a loopback name.');
    }
    const method = request.method ?? '';
    await options.verify({ method, path: url.pathname, query: url.searchParams, headers, body });
    const route = method === 'POST' ? options.routes.get(url.pathname) : undefined;
    if (route === undefined) {
      throw new AwsError('UnknownOperationException', `The local queue has no ${method} ${url.pathname}.`);
    }
    const result = route(parseJson(body));
    if (options.losesReply(url.pathname)) request.socket.destroy();
    else send(response, 200, result);
  } catch (error) {
    refuse(response, error, options.report);
  }
}

function refuse(response: ServerResponse, error: unknown, report: (message: string) => void): void {
  if (!(error instanceof AwsError)) report(`The queue failed at a request: ${(error as Error).stack}`);
  const refusal =
    error instanceof AwsError
      ? error
      : new AwsError('ServerException', `The local queue failed: ${(error as Error).message}`);
  send(response, refusal.status, { message: refusal.message }, { 'x-amzn-errortype': refusal.code });
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
    if (size > MOST_DRAINED_BYTES) break;
  }
  if (size > MOST_BODY_BYTES) {
    throw new AwsError('RequestEntityTooLargeException', `A request may have at most ${MOST_BODY_BYTES} bytes.`);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch (error) {
    throw new AwsError('SerializationException', 'The body is not JSON.', { cause: error });
  }
}

/** Without the port and the brackets of IPv6. */
function hostname(host = ''): string {
  return /^\[(.+)\](:\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, '');
}
