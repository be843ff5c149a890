/** The credential endpoint on a loopback port of its own, for jobs of this machine alone; knows no token. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpHandler, MAX_BODY } from '../../functions/http-event.ts';
import { refuse } from './gateway/answer.ts';
import { readBody } from './gateway/body.ts';
import { checkHost } from './gateway/hosts.ts';
import { httpEvent, sendResult } from './gateway/http-event.ts';
import { listenOn } from './gateway/port.ts';

/** As the route of the deployed API has it. */
const PATH = '/credentials';

export interface CredentialsApi {
  /** Of the endpoint, path included. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it; resolves when it listens. Requests wait for as long as the handler does. */
export async function startCredentialsApi(handler: HttpHandler): Promise<CredentialsApi> {
  const server = createServer(async (request, response) => {
    try {
      const refusal = checkHost(request.headers, {});
      if (refusal) return refuse(response, refusal);
      if (request.method !== 'POST' || request.url !== PATH) {
        return refuse(response, { status: 404, message: `POST ${PATH} is all there is.` });
      }
      const body = await readBody(request, MAX_BODY);
      if (body === null) return refuse(response, { status: 413, message: `A request has at most ${MAX_BODY} bytes.` });
      sendResult(response, await handler(httpEvent(request, randomUUID(), body)));
    } catch {
      refuse(response, { status: 500, message: 'Internal server error' });
    }
  });
  await listenOn(server, 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
