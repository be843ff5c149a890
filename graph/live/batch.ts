/** Turns a page of events into messages that each fit through a gateway; knows neither readers nor sockets. */
import type { GraphQLFormattedError } from 'graphql';
import { type Cursor, formatCursor } from '../run/cursor.ts';
import type { EventPage } from '../run/replay.ts';
import type { Live, Operation } from './live.ts';
import { MAX_MESSAGE_BYTES } from './message.ts';

/** What one `next` message carries, or the error that ends the operation at this point. */
export type Part =
  | { readonly kind: 'next'; readonly payload: string; readonly cursor: Cursor }
  | { readonly kind: 'error'; readonly errors: readonly GraphQLFormattedError[] };

/**
 * Executes an operation over a page, halving it for as long as the result is too large for a message.
 * Each part continues from where the one before it ended.
 */
export async function renderBatch(
  { operations }: Pick<Live, 'operations'>,
  operation: Operation,
  page: EventPage,
): Promise<Part[]> {
  const result = await operations.executeBatch(operation, page);
  // Without data the reader would miss these events and never know; it is told, and can continue after its last cursor.
  if (result.data == null) return [{ kind: 'error', errors: (result.errors ?? []).map((error) => error.toJSON()) }];
  const payload = JSON.stringify(result);
  if (Buffer.byteLength(payload) <= MAX_MESSAGE_BYTES) return [{ kind: 'next', payload, cursor: page.cursor }];

  const middle = page.events[Math.ceil(page.events.length / 2) - 1];
  if (page.events.length < 2 || middle === undefined) return [{ kind: 'error', errors: [tooLarge(page)] }];
  const half = Math.ceil(page.events.length / 2);
  const first: EventPage = { ...page, events: page.events.slice(0, half), cursor: middle.cursor, hasMore: true };
  const second: EventPage = { ...page, events: page.events.slice(half), since: middle.cursor };
  const parts = await renderBatch({ operations }, operation, first);
  return parts.at(-1)?.kind === 'error' ? parts : [...parts, ...(await renderBatch({ operations }, operation, second))];
}

function tooLarge({ since }: EventPage): GraphQLFormattedError {
  return {
    message: `The event after ${formatCursor(since)} does not fit into one message of ${MAX_MESSAGE_BYTES} bytes with this selection. Select less of it, or read it with Run.events over HTTP.`,
    extensions: { code: 'BAD_USER_INPUT' },
  };
}
