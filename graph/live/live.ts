/** What live delivery touches: the domain, the sockets and the GraphQL side of it; knows no gateway and keeps nothing itself. */
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Ganway, Viewer } from '../ganway.ts';
import type { EventPage } from '../run/replay.ts';
import type { Sockets } from '../storage/ports.ts';

/** An operation as a client sent it, with who sent it from where. */
export interface Operation {
  readonly document: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly viewer: Viewer;
  /** Scheme and host the client itself used; links in results begin with it. */
  readonly origin: string;
}

/** What became of the text of an operation. */
export type Parsed =
  | { readonly kind: 'valid'; readonly document: DocumentNode }
  | { readonly kind: 'invalid'; readonly errors: readonly GraphQLError[] };

/** The GraphQL side: the same schema, rules and limits that HTTP has. */
export interface Operations {
  readonly schema: GraphQLSchema;
  /** Parses and validates, query limits included. */
  parse(request: Pick<Operation, 'document' | 'operationName' | 'variables'>): Parsed;
  /** Runs a query or a mutation; unexpected errors come back masked. */
  execute(operation: Operation): Promise<ExecutionResult>;
  /** Runs a `runEvents` operation over one batch of events; unexpected errors come back masked. */
  executeBatch(operation: Operation, batch: EventPage): Promise<ExecutionResult>;
}

/** A place to remember objects by their etag; forgetting any of them costs a GET and nothing else. */
export interface EtagCache {
  get(key: string): { readonly etag: string; readonly value: unknown } | undefined;
  set(key: string, entry: { readonly etag: string; readonly value: unknown }): unknown;
}

export interface Live {
  readonly g: Pick<Ganway, 'store' | 'now' | 'random'>;
  readonly sockets: Sockets;
  readonly operations: Operations;
  /** The viewer of an id as of now; null where they may no longer see anything. */
  readonly viewer: (id: string) => Promise<Viewer | null>;
  readonly cache: EtagCache;
  /** Told of what went wrong and was survived. */
  readonly warn: (message: string, cause: unknown) => void;
}
