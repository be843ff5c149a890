/** Lambda authorizer of `$connect`: who is behind a connection, or nobody; decides nothing else. */
import type { Viewer } from '../graph/ganway.ts';
import { atFirstEvent } from './cold-start.ts';
import { type AuthorizeEvent, type AuthorizeHandler, type AuthorizeResult, header } from './socket-event.ts';
import { wire } from './wire.ts';

export interface AuthorizeOptions {
  /** The viewer that the headers of a request prove, or null. */
  readonly authenticate: (headers: Readonly<Record<string, string | undefined>>) => Promise<Viewer | null>;
  /** Scheme of the links given to the client. Default `https`. */
  readonly scheme?: 'http' | 'https';
}

/** Denies whenever it is not sure: no viewer, no host, or a failure on the way. */
export function makeAuthorize({ authenticate, scheme = 'https' }: AuthorizeOptions): AuthorizeHandler {
  return async (event) => {
    const host = header(event.headers, 'host');
    const viewer = await authenticate(event.headers ?? {}).catch(() => null);
    if (viewer === null || host === undefined) return answer(event, 'Deny', 'nobody');
    return { ...answer(event, 'Allow', viewer.id), context: { viewer: viewer.id, origin: `${scheme}://${host}` } };
  };
}

/** Entry of the Lambda. */
export const handler: AuthorizeHandler = atFirstEvent(() => {
  const { authenticate, env } = wire();
  return makeAuthorize({ authenticate, scheme: env.scheme });
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
