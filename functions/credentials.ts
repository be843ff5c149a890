/** Lambda behind `POST /credentials`: the token of a launch in, credentials for its job out; decides nothing. */
import type { Ganway } from '../graph/ganway.ts';
import { type IssueOptions, issueCredentials } from '../graph/run/credentials.ts';
import { openIssuer } from '../infra/clients/sts.ts';
import { atFirstEvent } from './cold-start.ts';
import type { Env } from './env.ts';
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
  const { g, log, env } = wire();
  const issue = issueOptions(env);
  if (issue === null) {
    throw new Error('GANWAY_LAUNCH_SECRET, GANWAY_RUN_ROLE_ARN and a bucket are needed to issue credentials.');
  }
  return makeCredentials({ g, log, issue });
});

/** What it takes to issue credentials; null where the environment names no role for them, or no bucket. Of all functions only this one asks STS. */
export function issueOptions({ runRole, launchSecret: secret, storage }: Env): IssueOptions | null {
  if (runRole === null || secret === null || storage.kind !== 's3') return null;
  const { arn, endpoint, region, credentials } = runRole;
  const { bucket: name, prefix } = storage.s3;
  return {
    issuer: openIssuer({ role: arn, region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) }),
    secret,
    bucket: { name, ...(prefix && { prefix }) },
  };
}

function reply(statusCode: number, body: unknown): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
