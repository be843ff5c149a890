/** The WebSocket side of the gateway: turns upgrades, messages and closes into events for the handlers; knows no GraphQL. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AuthorizeHandler, SocketEvent, SocketHandler, SocketResult } from '../../../functions/socket-event.ts';
import { refuseUpgrade } from './answer.ts';
import { type Connection, type Connections, MAX_MESSAGE_BYTES } from './connections.ts';
import { watchFrames } from './frames.ts';
import { headersOf, queryOf } from './http-event.ts';

export interface WebSocketOptions {
  readonly connections: Connections;
  readonly socket: SocketHandler;
  readonly authorize: AuthorizeHandler;
  readonly log: (message: string, cause: unknown) => void;
}

type Authorizer = SocketEvent['requestContext']['authorizer'];

export interface WebSocketSide {
  /** Authorizes, asks the `$connect` route, and accepts or refuses. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Resolves when every message and every `$disconnect` that came has been handled. */
  settled(): Promise<void>;
  close(): void;
}

export function createWebSocketSide({ connections, socket: handler, authorize, log }: WebSocketOptions): WebSocketSide {
  const chosen = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Only what the $connect route chose: the real gateway does not echo a subprotocol either.
    handleProtocols: (_offered, request) => chosen.get(request) ?? false,
  });
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    work.finally(() => running.delete(work)).catch(() => undefined);
    return work;
  };

  const serve = (ws: WebSocket, id: string, authorizer: Authorizer) => {
    const connection = connections.add(id, ws);
    // One after the other; the real gateway promises no such order, and the handlers do not rely on it.
    let last: Promise<unknown> = Promise.resolve();
    const enqueue = (work: () => Promise<unknown>) => {
      last = track(last.then(work, work));
    };
    const nextTime = clock();
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      connections.touch(connection);
      const event = messageEvent({ id, authorizer, time: nextTime(), data, isBinary });
      enqueue(() => deliverMessage(connection, event));
    });
    ws.on('ping', () => connections.touch(connection));
    ws.on('pong', () => connections.touch(connection));
    ws.on('error', () => undefined);
    ws.on('close', () => {
      const event: SocketEvent = {
        requestContext: {
          routeKey: '$disconnect',
          eventType: 'DISCONNECT',
          connectionId: id,
          requestTimeEpoch: nextTime(),
          authorizer,
        },
      };
      enqueue(() => handler(event).catch((cause) => log('$disconnect failed', cause)));
    });
  };

  const deliverMessage = async (connection: Connection, event: SocketEvent) => {
    try {
      await handler(event);
    } catch (cause) {
      log('the socket handler threw', cause);
      const requestId = randomBytes(12).toString('base64');
      connections.post(
        connection.id,
        JSON.stringify({ message: 'Internal server error', connectionId: connection.id, requestId }),
      );
    }
  };

  return {
    upgrade: async (request, socket, head) => {
      // Sixteen characters that end in `=`, as the real ids do.
      const id = `${randomBytes(11).toString('base64url')}=`;
      const headers = headersOf(request);
      const ignore = () => undefined;
      socket.on('error', ignore);
      const authorizer = await authorizeUpgrade(authorize, id, request).catch((cause) => {
        log('the authorizer threw', cause);
        return 500 as const;
      });
      if (typeof authorizer === 'number') {
        return refuseUpgrade(socket, {
          status: authorizer,
          message: authorizer === 403 ? 'Forbidden' : 'Internal server error',
        });
      }
      const result = await track(handler(connectEvent(id, headers, authorizer))).catch((cause): SocketResult => {
        log('$connect failed', cause);
        return { statusCode: 502, body: 'Internal server error' };
      });
      if (result.statusCode < 200 || result.statusCode > 299) {
        return refuseUpgrade(socket, { status: result.statusCode, message: result.body ?? 'Refused' });
      }
      if (socket.destroyed) return;
      const protocol = Object.entries(result.headers ?? {}).find(
        ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
      )?.[1];
      const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
      if (protocol !== undefined && !offered.includes(protocol)) {
        log(`$connect chose the subprotocol ${protocol}, which the client did not offer`, undefined);
        return refuseUpgrade(socket, { status: 502, message: 'Internal server error' });
      }
      if (protocol !== undefined) chosen.set(request, protocol);
      socket.off('error', ignore);
      server.handleUpgrade(request, socket, head, (ws) => {
        watchFrames(socket, ws);
        serve(ws, id, authorizer);
      });
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
    close: () => server.close(),
  };
}

/** The context that the authorizer gives, or the status to refuse with. */
async function authorizeUpgrade(
  authorize: AuthorizeHandler,
  connectionId: string,
  request: IncomingMessage,
): Promise<NonNullable<Authorizer> | 403> {
  const { policyDocument, principalId, context } = await authorize({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:local:000000000000:ganway/local/$connect',
    headers: headersOf(request),
    queryStringParameters: queryOf(request),
    requestContext: { connectionId },
  });
  const effects = policyDocument.Statement.map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny') ? { ...context, principalId } : 403;
}

function connectEvent(connectionId: string, headers: Record<string, string>, authorizer: Authorizer): SocketEvent {
  return {
    headers,
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      connectionId,
      requestTimeEpoch: Date.now(),
      authorizer,
    },
  };
}

interface MessageParts {
  readonly id: string;
  readonly authorizer: Authorizer;
  readonly time: number;
  readonly data: Buffer;
  readonly isBinary: boolean;
}

function messageEvent({ id, authorizer, time, data, isBinary }: MessageParts): SocketEvent {
  return {
    body: data.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary,
    requestContext: {
      routeKey: '$default',
      eventType: 'MESSAGE',
      connectionId: id,
      requestTimeEpoch: time,
      authorizer,
    },
  };
}

/** Milliseconds that never stand still between two messages. */
function clock(): () => number {
  let last = 0;
  return () => {
    last = Math.max(Date.now(), last + 1);
    return last;
  };
}
