/** A stand-in for API Gateway on one port: HTTP and WebSocket requests in, events to handlers; knows no GraphQL and no run. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpHandler, MAX_BODY } from '../../../functions/http-event.ts';
import type { AuthorizeHandler, SocketHandler } from '../../../functions/socket-event.ts';
import { type Refusal, refuse, refuseUpgrade } from './answer.ts';
import { readBody } from './body.ts';
import { type Connections, createConnections } from './connections.ts';
import { checkHost, type HostRules } from './hosts.ts';
import { httpEvent, sendResult } from './http-event.ts';
import { listenOn } from './port.ts';
import { createWebSocketSide } from './websocket.ts';

/** Answers a request; false where it is none of its own. */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

export interface GatewayOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** `functions/http`, at `/graphql`. */
  readonly http: HttpHandler;
  /** `functions/socket`, at `/graphql`. */
  readonly socket: SocketHandler;
  readonly authorize: AuthorizeHandler;
  /** What else is on the port, asked in order: explorer, objects. Default none. */
  readonly routes?: readonly Route[];
  readonly hostRules?: HostRules;
  /** Where its WebSocket connections are kept, for whoever sends to them. Default: a place of its own. */
  readonly connections?: Connections;
  /** Told of failures that clients only see as a status. Default: console. */
  readonly log?: (message: string, cause: unknown) => void;
}

export interface Gateway {
  /** E.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Closes all connections with 1001, waits until their messages are handled, and lets the port go. */
  close(): Promise<void>;
}

/**
 * Starts the gateway; resolves when it listens.
 *
 * @throws Error with a sentence for the user where the port cannot be had; the system's error, with its code, is the cause.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1', hostRules = {}, log = console.error } = options;
  const { connections = createConnections() } = options;
  const webSocket = createWebSocketSide({
    connections,
    socket: options.socket,
    authorize: options.authorize,
    log,
  });
  const server = createServer((request, response) => {
    handle(request, response, options, hostRules).catch((cause) => {
      // The client went away before it had said everything: nobody is left to be told.
      if (request.destroyed && !request.complete) return;
      // Without its query, which may be what opens an object or a socket.
      log(`${request.method} ${pathOf(request)} failed`, cause);
      refuse(response, { status: 500, message: 'Internal server error' });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal = checkHost(request.headers, hostRules) ?? checkUpgradePath(request);
    if (refusal) return refuseUpgrade(socket, refusal);
    webSocket.upgrade(request, socket, head).catch((cause) => {
      log('an upgrade failed', cause);
      socket.destroy();
    });
  });
  await listenOn(server, port, host);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await connections.closeAll(1001);
      await webSocket.settled();
      webSocket.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { http, routes = [] }: GatewayOptions,
  hostRules: HostRules,
): Promise<void> {
  const refusal = checkHost(request.headers, hostRules);
  if (refusal) return refuse(response, refusal);
  const path = pathOf(request);
  if (path === null) return refuse(response, MALFORMED);
  if (path === '/healthz') {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end('{"status":"ok"}');
    return;
  }
  if (path === '/graphql') {
    const body = await readBody(request, MAX_BODY);
    if (body === null) {
      response.setHeader('connection', 'close');
      return refuse(response, { status: 413, message: `A request has at most ${MAX_BODY} bytes.` });
    }
    return sendResult(response, await http(httpEvent(request, randomUUID(), body)));
  }
  for (const route of routes) if (await route(request, response, path)) return;
  refuse(response, { status: 404, message: `There is nothing at ${path}. The API is at /graphql.` });
}

const MALFORMED: Refusal = { status: 400, message: 'The request names no path.' };

/** Null where the target is no path, e.g. `//`: it must not throw, for nobody catches in an upgrade. */
function pathOf({ url = '/' }: IncomingMessage): string | null {
  return URL.canParse(url, 'http://gateway') ? new URL(url, 'http://gateway').pathname : null;
}

function checkUpgradePath(request: IncomingMessage): Refusal | null {
  const path = pathOf(request);
  if (path === null) return MALFORMED;
  return path === '/graphql' ? null : { status: 404, message: `There is no socket at ${path}. Connect to /graphql.` };
}
