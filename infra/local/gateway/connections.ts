/** The open WebSocket connections of the gateway and what may be done to them by id; knows no route and no handler. */
import { WebSocket } from 'ws';
import type { Sockets } from '../../../graph/storage/ports.ts';

/** Bytes that API Gateway carries in one message, either way. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
/** A client that has left this much unread is too slow for more, for now. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** How long a client has to answer a close, in milliseconds. */
const CLOSE_MS = 1_000;

export interface ConnectionLimits {
  /** Milliseconds without a message until a connection is closed. Default 10 minutes. */
  readonly idleMs?: number;
  /** Milliseconds after which every connection is closed. Default 2 hours. */
  readonly lifetimeMs?: number;
}

export interface Connection {
  readonly id: string;
  readonly socket: WebSocket;
  readonly connectedAt: Date;
  lastActiveAt: Date;
}

/** What became of a post, in the words of the `@connections` API. */
export type PostOutcome = 'sent' | 'gone' | 'busy' | 'tooLarge';

export interface Connections {
  add(id: string, socket: WebSocket): Connection;
  get(id: string): Connection | undefined;
  post(id: string, message: string | Buffer): PostOutcome;
  /** Notes that a connection is in use. */
  touch(connection: Connection): void;
  /** Closes all connections with a code, e.g. 1001 as a server that goes away does; resolves when they are closed. */
  closeAll(code: number): Promise<void>;
  readonly sockets: Sockets;
}

export function createConnections({ idleMs = 600_000, lifetimeMs = 7_200_000 }: ConnectionLimits = {}): Connections {
  const open = new Map<string, Connection>();
  const idleTimers = new Map<string, NodeJS.Timeout>();

  const touch = (connection: Connection) => {
    connection.lastActiveAt = new Date();
    idleTimers.get(connection.id)?.refresh();
  };
  const post = (id: string, message: string | Buffer): PostOutcome => {
    const connection = open.get(id);
    if (connection === undefined || connection.socket.readyState !== WebSocket.OPEN) return 'gone';
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) return 'tooLarge';
    if (connection.socket.bufferedAmount > MAX_BUFFERED_BYTES) return 'busy';
    connection.socket.send(message, { binary: false });
    touch(connection);
    return 'sent';
  };
  return {
    add: (id, socket) => {
      const now = new Date();
      const connection: Connection = { id, socket, connectedAt: now, lastActiveAt: now };
      const goAway = () => socket.close(1001, 'Going away');
      const lifetime = setTimeout(goAway, lifetimeMs);
      idleTimers.set(id, setTimeout(goAway, idleMs));
      open.set(id, connection);
      socket.once('close', () => {
        clearTimeout(lifetime);
        clearTimeout(idleTimers.get(id));
        idleTimers.delete(id);
        open.delete(id);
      });
      return connection;
    },
    get: (id) => open.get(id),
    post,
    touch,
    closeAll: async (code) => {
      await Promise.all([...open.values()].map(({ socket }) => close(socket, code)));
    },
    sockets: {
      send: async (id, message) => {
        const outcome = post(id, message);
        return outcome === 'sent' || outcome === 'gone' ? outcome : 'failed';
      },
    },
  };
}

/** A client that does not answer the close is cut off. */
function close(socket: WebSocket, code: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(code);
  });
}
