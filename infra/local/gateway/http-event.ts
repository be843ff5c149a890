/** Builds HTTP API events (payload 2.0) from requests and responses from their results, as API Gateway does; knows no handler. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpEvent, HttpResult } from '../../../functions/http-event.ts';

/** An HTTP API event, payload format 2.0, with the parts that a request decides. */
export interface GatewayHttpEvent extends HttpEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly requestId: string;
    readonly domainName: string;
    readonly timeEpoch: number;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
  };
}

/** Header names are lower case and repeated headers joined by commas, as in payload 2.0. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).flatMap(([name, values]) =>
      values === undefined ? [] : [[name, values.join(',')] as const],
    ),
  );
}

/** Repeated parameters are joined by commas, as in payload 2.0. */
export function queryOf(request: IncomingMessage): Record<string, string> {
  const query: Record<string, string> = {};
  const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
  for (const [name, value] of searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  return query;
}

export function httpEvent(request: IncomingMessage, requestId: string, body: Buffer): GatewayHttpEvent {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const headers = headersOf(request);
  const query = queryOf(request);
  // Bytes that are no text are handed over as they are: to replace them here would hide them from the handler.
  const isText =
    isUtf8(body) &&
    /^(text\/|application\/(json|graphql|x-www-form-urlencoded|[^;]*\+json))/i.test(
      headers['content-type'] ?? 'text/plain',
    );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      requestId,
      domainName: headers.host ?? '',
      timeEpoch: Date.now(),
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
    },
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

export function sendResult(response: ServerResponse, { statusCode, headers, body }: HttpResult): void {
  response.writeHead(statusCode, headers);
  response.end(body);
}
