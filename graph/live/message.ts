/** The messages of graphql-transport-ws that the server sends, as text that fits through a gateway; knows no socket. */
import type { GraphQLFormattedError } from 'graphql';

/** Most bytes of one message. API Gateway carries 128 KB; the rest is left for what it may add. */
export const MAX_MESSAGE_BYTES = 120_000;

export const connectionAck = '{"type":"connection_ack"}';

/** `payload` is JSON text already: one execution is sent to many readers. */
export function next(id: string, payload: string): string {
  return `{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`;
}

export function complete(id: string): string {
  return JSON.stringify({ id, type: 'complete' });
}

/** Ends an operation. */
export function error(id: string, errors: readonly GraphQLFormattedError[]): string {
  return JSON.stringify({ id, type: 'error', payload: errors });
}

/** Answers a ping; also how something is said that belongs to no operation, since a pong may come at any time. */
export function pong(payload?: Record<string, unknown>): string {
  return JSON.stringify(payload === undefined ? { type: 'pong' } : { type: 'pong', payload });
}
