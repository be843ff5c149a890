/** Lambda behind the WebSocket routes: event in, live delivery asked, 200 out; decides nothing. */
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { forgetConnection } from '../graph/live/connection.ts';
import type { Live } from '../graph/live/live.ts';
import { receive } from '../graph/live/protocol.ts';
import { atFirstEvent } from './cold-start.ts';
import { createLive } from './live.ts';
import { header, type SocketEvent, type SocketHandler, type SocketResult } from './socket-event.ts';
import { wire } from './wire.ts';

const OK: SocketResult = { statusCode: 200 };

/**
 * The handler of `$connect`, `$default` and `$disconnect`. It never throws: a gateway would push its own words down the socket,
 * which end a graphql-ws client for good.
 */
export function makeSocket(live: Live): SocketHandler {
  return async (event) => {
    try {
      return await route(live, event);
    } catch (cause) {
      live.warn(`${event.requestContext.routeKey} failed`, cause);
      return OK;
    }
  };
}

/** Entry of the Lambda. */
export const handler: SocketHandler = atFirstEvent(() => makeSocket(createLive(wire())));

async function route(live: Live, event: SocketEvent): Promise<SocketResult> {
  const { eventType, connectionId, requestTimeEpoch, authorizer } = event.requestContext;
  switch (eventType) {
    case 'CONNECT':
      // Nothing is stored and nothing is sent here: until this returns there is no connection.
      return accept(event);
    case 'DISCONNECT':
      await forgetConnection(live, connectionId);
      return OK;
    case 'MESSAGE':
      await receive(live, {
        connectionId,
        viewer: String(authorizer?.viewer ?? ''),
        origin: String(authorizer?.origin ?? ''),
        // API Gateway makes a text of it. What is no time has ended.
        expiresAt: authorizer?.expiresAt == null ? null : Number(authorizer.expiresAt) || 0,
        receivedAt: requestTimeEpoch,
        text: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? ''),
      });
      return OK;
  }
}

/** The gateway does not choose a subprotocol by itself, and a browser drops a socket that answers with none. */
function accept({ headers }: SocketEvent): SocketResult {
  const offered = (header(headers, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  if (offered.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) {
    return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': GRAPHQL_TRANSPORT_WS_PROTOCOL } };
  }
  return { statusCode: 400, body: `Offer the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.` };
}
