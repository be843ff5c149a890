/** Lambda authorizer of `$connect`: who is behind a connection, or nobody; decides nothing else. */
import { atFirstEvent } from './cold-start.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import { type AuthorizeEvent, type AuthorizeHandler, type AuthorizeResult, header } from './socket-event.ts';
import { wire } from './wire.ts';

export interface AuthorizeOptions {
  /** The viewer that the headers of a request prove, or null. */
  readonly authenticate: Identity['authenticate'];
  /** The viewer of a ticket in the URL, which browsers send as they cannot send headers. */
  readonly redeem: Identity['redeem'];
  /** Told of failures on the way. Default nobody. */
  readonly log?: Pick<Log, 'error'>;
  /** Scheme of the links given to the client. Default `https`. */
  readonly scheme?: 'http' | 'https';
}

/** Denies whenever it is not sure: no viewer, no host, or a failure on the way. */
export function makeAuthorize({ authenticate, redeem, log, scheme = 'https' }: AuthorizeOptions): AuthorizeHandler {
  return async (event) => {
    const host = header(event.headers, 'host');
    const ticket = event.queryStringParameters?.ticket;
    const proof = ticket === undefined ? authenticate(event.headers) : redeem(ticket);
    const viewer = await proof.catch((err) => {
      log?.error({ err }, 'nobody can connect');
      return null;
    });
    if (viewer === null || host === undefined) return answer(event, 'Deny', 'nobody');
    const { id, expiresAt } = viewer;
    const context = { viewer: id, origin: `${scheme}://${host}`, ...(expiresAt && { expiresAt: expiresAt.getTime() }) };
    return { ...answer(event, 'Allow', id), context };
  };
}

/** Entry of the Lambda. */
export const handler: AuthorizeHandler = atFirstEvent(() => {
  const { authenticate, redeem, log, env } = wire();
  return makeAuthorize({ authenticate, redeem, log, scheme: env.scheme });
});

function answer({ methodArn }: AuthorizeEvent, effect: 'Allow' | 'Deny', principalId: string): AuthorizeResult {
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
    },
  };
}
