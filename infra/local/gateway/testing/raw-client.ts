/** A WebSocket client that sends and shows single messages, for what a proper client would never do; knows no protocol. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface RawClient {
  readonly socket: WebSocket;
  send(message: object): void;
  sendText(text: string): void;
  /** The next message that has not been taken yet. */
  next(): Promise<Record<string, unknown>>;
  /** The code the connection was closed with. */
  readonly closed: Promise<number>;
}

export interface RawOptions {
  /** Introduces itself, too. */
  readonly connection_init?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the URL, with its question mark. */
  readonly query?: string;
}

/** Connects to a gateway; rejects where it is refused. */
export async function raw(url: string, options: RawOptions = {}): Promise<RawClient> {
  const { connection_init = false, headers = {}, query = '' } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql${query}`, 'graphql-transport-ws', { headers });
  const messages: Record<string, unknown>[] = [];
  const waiting: ((message: Record<string, unknown>) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString());
    const taker = waiting.shift();
    if (taker) taker(message);
    else messages.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  const sendText = (text: string) => socket.send(text);
  const send = (message: object) => sendText(JSON.stringify(message));
  if (connection_init) send({ type: 'connection_init' });
  return {
    socket,
    send,
    sendText,
    next: () => {
      const message = messages.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    closed,
  };
}
