/** Sends to WebSocket clients through API Gateway's management API; knows no subscription. */
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Sockets } from '../../graph/storage/ports.ts';
import type { AwsCredentials } from './credentials.ts';
import { statusOf } from './error-code.ts';
import { httpOptions } from './http-options.ts';

export interface SocketsOptions {
  /** `https://<api>.execute-api.<region>.amazonaws.com/<stage>`, or the local gateway's URL. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: AwsCredentials;
  /** Time for one message, reply included, in milliseconds; default 5000. */
  readonly timeoutMs?: number;
}

/**
 * Opens the way to the clients. A message is sent once: one that may have arrived is not repeated here, its reader
 * catches up instead.
 */
export function openSockets({ endpoint, region, credentials, timeoutMs = 5000 }: SocketsOptions): Sockets {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region,
    maxAttempts: 1,
    requestHandler: {
      ...httpOptions({ connectMs: Math.min(2000, timeoutMs), idleMs: timeoutMs }),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
    ...(credentials ? { credentials } : {}),
  });
  return {
    async send(connectionId, message) {
      try {
        const Data = Buffer.from(message, 'utf8');
        await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
        return 'sent';
      } catch (error) {
        return statusOf(error) === 410 ? 'gone' : 'failed';
      }
    },
  };
}
