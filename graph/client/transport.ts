/** Talks GraphQL to a Ganway server: requests over HTTP, subscriptions over graphql-transport-ws; knows no operation. */
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocumentString } from './operations.gen.ts';

/**
 * Why a request has no result. `UNREACHABLE`: no answer at all, or none of a Ganway. `INVALID`: the server could not use
 * what it was given. `REFUSED`: it answered with other errors.
 */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: 'UNREACHABLE' | 'INVALID' | 'REFUSED';
  constructor(code: ClientError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Transport {
  /** Scheme and host of the server, e.g. `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** Runs a query or mutation. Throws {@link ClientError}. */
  request<TResult, TVariables>(
    document: TypedDocumentString<TResult, TVariables>,
    variables: TVariables,
  ): Promise<TResult>;
  /**
   * Follows a subscription, reconnecting for as long as the server comes back. `variables` is asked again at every
   * (re)connect, so that it can carry the newest cursor.
   */
  subscribe<TResult, TVariables extends Record<string, unknown>>(
    document: TypedDocumentString<TResult, TVariables>,
    variables: () => TVariables,
    signal?: AbortSignal,
  ): AsyncGenerator<TResult, void, void>;
}

/** Reconnects for about an hour; a laptop that slept finds its run again. */
const RETRIES = 240;
const LONGEST_PAUSE_MS = 15_000;

export interface ConnectOptions {
  /** Says who asks: an API key, or a token of the server's issuer. Null where the server knows by itself; default null. */
  readonly token?: string | null;
}

/** @throws TypeError where `server` is no URL of http or https */
export function connect(server: string, { token = null }: ConnectOptions = {}): Transport {
  const { origin, protocol } = new URL(server);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${protocol} is not http: or https:`);
  const proof: Headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    origin,
    async request(document, variables) {
      const { data, errors } = await post(`${origin}/graphql`, { query: document.toString(), variables }, proof);
      if (errors?.length) throw answered(errors);
      return data as never;
    },
    async *subscribe(document, variables, signal) {
      const client = openSocket(`${origin.replace(/^http/, 'ws')}/graphql`, proof);
      try {
        yield* follow(client, document.toString(), variables, signal) as AsyncGenerator<never>;
      } finally {
        await client.dispose();
      }
    },
  };
}

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLProblem[];
}

interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: unknown };
}

function answered(errors: readonly GraphQLProblem[]): ClientError {
  const invalid = errors.every(({ extensions }) => extensions?.code === 'BAD_USER_INPUT');
  return new ClientError(invalid ? 'INVALID' : 'REFUSED', errors.map(textOf).join('\n'));
}

/** A sentence of the server, with its code and its place in the answer. */
function textOf({ message, path, extensions }: GraphQLProblem): string {
  const where = path ? ` at ${path.join('.')}` : '';
  return `${message} (${extensions?.code ?? 'error'}${where})`;
}

async function post(url: string, body: unknown, proof: Headers): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...proof };
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch (cause) {
    throw new ClientError('UNREACHABLE', `No Ganway answers at ${url}. Is it started (npm start)?`, { cause });
  }
  const text = await response.text();
  const answer = parseAnswer(text);
  if (answer) return answer;
  throw new ClientError(
    'UNREACHABLE',
    `No Ganway at ${url}; what is there answered ${response.status}: ${text.slice(0, 200)}`,
  );
}

/** Null where another program, or a gateway in between, has answered. */
function parseAnswer(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text);
    const graphql = value !== null && typeof value === 'object' && ('data' in value || 'errors' in value);
    return graphql ? (value as Answer) : null;
  } catch {
    return null;
  }
}

function openSocket(url: string, headers: Headers): Client {
  return createClient({
    url,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers });
      }
    },
    keepAlive: 60_000,
    retryAttempts: RETRIES,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((done) => setTimeout(done, Math.min(LONGEST_PAUSE_MS, 250 * 2 ** Math.min(retries, 8)))),
  });
}

/** The client library writes its message anew at every (re)connect, so a getter is enough to send the newest variables. */
async function* follow(
  client: Client,
  query: string,
  variables: () => Record<string, unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, void> {
  const results = client.iterate({
    query,
    get variables() {
      return variables();
    },
  });
  signal?.addEventListener('abort', () => void results.return?.(), { once: true });
  for await (const { data, errors } of results) {
    if (errors?.length) throw answered(errors);
    yield data;
  }
}
