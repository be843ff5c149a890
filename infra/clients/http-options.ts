/** Connection behaviour that all clients share: kept-alive sockets and time limits, so that nothing hangs; knows no service. */
import type { NodeHttpHandlerOptions } from '@smithy/node-http-handler';

export interface Timeouts {
  /** Time to establish a connection, in milliseconds. */
  readonly connectMs: number;
  /** Time without a byte in either direction after which a request is given up, in milliseconds. */
  readonly idleMs: number;
}

/**
 * Options for the SDK's own HTTP handler.
 *
 * The connect timer of that handler also runs while a request waits for a free socket, hence the generous number of
 * sockets.
 */
export function httpOptions({ connectMs, idleMs }: Timeouts): NodeHttpHandlerOptions {
  const agent = { keepAlive: true, maxSockets: 256, maxFreeSockets: 16 };
  return { connectionTimeout: connectMs, socketTimeout: idleMs, httpAgent: agent, httpsAgent: agent };
}
