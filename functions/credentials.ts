/** Lambda behind `POST /credentials`: the token of a launch in, credentials for its job out; decides nothing. */
import type { Ganway } from '../graph/ganway.ts';
import { type IssueOptions, issueCredentials } from '../graph/run/credentials.ts';
import { atFirstEvent } from './cold-start.ts';
import type { HttpHandler, HttpResult } from './http-event.ts';
import type { Log } from './log.ts';
import { wire } from './wire.ts';

export interface CredentialsOptions {
  readonly g: Pick<Ganway, 'store' | 'now'>;
  readonly log: Log;
  readonly issue: IssueOptions;
}

/** Says in one way to every unproven token what it is. */
const UNPROVEN = {
  INVALID: 'This is no token of a launch.',
  EXPIRED: 'The token of this launch has expired. Resume the run: its next launch has a new one.',
} as const;

/**
 * The handler. It answers 200 with `{accessKeyId, secretAccessKey, sessionToken, expiration}`, 401 where the token proves
 * nothing, 403 where its launch is over, and 503 where it is worth asking again; with a `message` where not 200.
 */
export function makeCredentials({ g, log, issue }: CredentialsOptions): HttpHandler {
  return async ({ headers }) => {
    const token = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    try {
      const outcome = await issueCredentials(g, issue, token);
      switch (outcome.kind) {
        case 'issued':
          return reply(200, outcome.credentials);
        case 'unproven':
          return reply(401, { message: UNPROVEN[outcome.reason] });
        case 'over':
          return reply(403, { message: outcome.message });
      }
    } catch (error) {
      log.error({ err: error }, 'credentials could not be issued');
      return reply(503, { message: 'No credentials can be had at the moment. Ask again.' });
    }
  };
}

/** Entry of the Lambda. */
export const handler: HttpHandler = atFirstEvent(() => {
  const { g, log, issue } = wire();
  if (issue === null) {
    throw new Error('GANWAY_LAUNCH_SECRET, GANWAY_RUN_ROLE_ARN and a bucket are needed to issue credentials.');
  }
  return makeCredentials({ g, log, issue });
});

function reply(statusCode: number, body: unknown): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
