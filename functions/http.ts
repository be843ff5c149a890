/** Lambda behind the HTTP API: event in, GraphQL executed, result out, as the GraphQL over HTTP specification says; decides nothing. */
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Ganway } from '../graph/ganway.ts';
import { createContext } from '../graph/resolvers/context.ts';
import type { ErrorCode } from '../graph/resolvers/errors.ts';
import { schema } from '../graph/schema.ts';
import { createApollo } from './apollo.ts';
import { atFirstEvent } from './cold-start.ts';
import { bodyOf, type HttpEvent, type HttpHandler, type HttpResult, MAX_BODY } from './http-event.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import { wire } from './wire.ts';

export interface HttpOptions {
  readonly g: Ganway;
  readonly log: Log;
  /** The viewer that the headers of a request prove, or null. */
  readonly authenticate: Identity['authenticate'];
  /** Scheme of the links given to the client. Default `https`. */
  readonly scheme?: 'http' | 'https';
}

/** The handler of `/graphql`. It never throws; what fails unexpectedly is masked and logged. */
export function makeHttp({ g, log, authenticate, scheme = 'https' }: HttpOptions): HttpHandler {
  const apollo = createApollo(schema, log);
  return async (event) => {
    const body = bodyOf(event, MAX_BODY);
    if (body.kind === 'tooLarge') return refusal(413, 'BAD_REQUEST', `The body is larger than ${MAX_BODY} bytes.`);
    if (body.kind === 'malformed') return refusal(400, 'BAD_REQUEST', 'The body is no JSON in UTF-8.');
    const viewer = await authenticate(event.headers).catch((err) => {
      log.error({ err }, 'nobody can be let in');
      return 'unknown' as const;
    });
    if (viewer === 'unknown') return refusal(503, 'UNAVAILABLE', 'Who you are cannot be checked now. Try again later.');
    if (viewer === null) return refusal(401, 'UNAUTHENTICATED', NOBODY);
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: event.requestContext.http.method,
        headers: headerMap(event.headers),
        search: event.rawQueryString && `?${event.rawQueryString}`,
        body: body.kind === 'json' ? body.value : undefined,
      },
      context: async () => createContext(g, viewer, `${scheme}://${event.headers.host ?? 'localhost'}`),
    });
    return resultOf(response);
  };
}

const NOBODY =
  'Say who you are: send the header "Authorization: Bearer TOKEN" with an API key of Ganway or a token of its issuer that is still good.';

/** Entry of the Lambda. */
export const handler: HttpHandler = atFirstEvent(() => {
  const { g, log, authenticate, env } = wire();
  return makeHttp({ g, log, authenticate, scheme: env.scheme });
});

function headerMap(headers: HttpEvent['headers']): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) map.set(name, value);
  return map;
}

async function resultOf({ status, headers, body }: HTTPGraphQLResponse): Promise<HttpResult> {
  // Only @defer would come in chunks, and this version of graphql-js has none.
  if (body.kind === 'chunked') throw new Error('Incremental delivery is not supported.');
  const statusCode = statusFor(status ?? 200, headers.get('content-type') ?? '', body.string);
  return { statusCode, headers: Object.fromEntries(headers), body: body.string };
}

/** Problems of the operation, not of the request around it. */
const OPERATION_PROBLEMS: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
] satisfies ErrorCode[];

/**
 * GraphQL over HTTP, section 6.4.1: in a reply of the older type application/json, the status says whether the request
 * was understood, not whether the operation was right. The newer type has 400 for both.
 */
function statusFor(status: number, contentType: string, body: string): number {
  if (status !== 400 || !contentType.startsWith('application/json')) return status;
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: unknown } }[] };
  const wellFormed = errors?.every(({ extensions }) => OPERATION_PROBLEMS.includes(extensions?.code));
  return wellFormed ? 200 : status;
}

function refusal(statusCode: number, code: ErrorCode, message: string): HttpResult {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      // RFC 6750, section 3.
      ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify({ errors: [{ message, extensions: { code } }] }),
  };
}
