/** Live delivery wired up: the domain, the sockets and GraphQL put together for the handlers that send; knows no event. */
import { LRUCache } from 'lru-cache';
import type { Live } from '../graph/live/live.ts';
import { createOperations } from '../graph/live/operations.ts';
import { schema } from '../graph/schema.ts';
import { newId } from '../graph/storage/new-id.ts';
import type { Wired } from './wire.ts';

/** Objects remembered by their etag; those of one watched run are a handful. */
const REMEMBERED = 10_000;

/** @throws Error that names the variable that is missing, where the environment names no sockets. */
export function createLive({ g, log, viewer, sockets }: Wired): Live {
  if (sockets === null) {
    throw new Error(
      'GANWAY_SOCKETS_ENDPOINT is missing. Set it to the URL of the @connections API, for example https://<api>.execute-api.<region>.amazonaws.com/<stage>.',
    );
  }
  const masking = {
    newId: () => newId(g, 'error'),
    report: (id: string, cause: unknown) => log.error({ id, err: cause }, 'unexpected error'),
  };
  return {
    g,
    sockets,
    operations: createOperations(g, schema, masking),
    viewer,
    cache: new LRUCache({ max: REMEMBERED }),
    warn: (message, cause) => log.warn({ err: cause }, message),
  };
}
