/** The events of an API Gateway WebSocket API, as far as Ganway's handlers look at them; knows no handler. */

/** What the gateway hands to the `$connect`, `$default` and `$disconnect` routes. */
export interface SocketEvent {
  readonly requestContext: {
    readonly routeKey: string;
    readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
    readonly connectionId: string;
    /** When the gateway received the message, in milliseconds. */
    readonly requestTimeEpoch: number;
    /** What the authorizer said at `$connect`; absent where there is none. */
    readonly authorizer?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  };
  /** Only of `$connect`. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

export interface SocketResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type SocketHandler = (event: SocketEvent) => Promise<SocketResult>;

/** What the gateway asks before a connection is made. */
export interface AuthorizeEvent {
  readonly type: 'REQUEST';
  readonly methodArn: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** A null where there is no query is what the gateway sends, too. */
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly requestContext: { readonly connectionId: string };
}

/** A policy, and what every later event of the connection carries as `requestContext.authorizer`. */
export interface AuthorizeResult {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly {
      readonly Action: 'execute-api:Invoke';
      readonly Effect: 'Allow' | 'Deny';
      readonly Resource: string;
    }[];
  };
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

export type AuthorizeHandler = (event: AuthorizeEvent) => Promise<AuthorizeResult>;

/** A header by its name, whatever case the gateway gave it. */
export function header(
  headers: Readonly<Record<string, string | undefined>> | undefined,
  name: string,
): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
