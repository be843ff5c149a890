/** The events of an API Gateway HTTP API (payload 2.0), as far as Ganway's handler looks at them; knows no handler. */

/** Largest body of a request, bytes. An operation of the largest size has well under a tenth of it. */
export const MAX_BODY = 2 ** 20;

export interface HttpEvent {
  readonly rawQueryString: string;
  /** Names in lower case; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpHandler = (event: HttpEvent) => Promise<HttpResult>;

/** What came as the body of a request. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  /** There is none, or its type is not JSON. */
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'tooLarge' };

/** The JSON in the body of an event. `limit` is in bytes of the decoded body. */
export function bodyOf({ body, headers, isBase64Encoded }: HttpEvent, limit: number): Body {
  if (!body) return { kind: 'none' };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { kind: 'none' };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limit) return { kind: 'tooLarge' };
  try {
    return { kind: 'json', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { kind: 'malformed' };
  }
}
