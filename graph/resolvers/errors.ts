/** Errors that a client may see as they are, and the mask over all others. */
import { GraphQLError } from 'graphql';

/** The closed list of `extensions.code`. */
export const ERROR_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'FORBIDDEN',
  'NOT_FOUND',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An argument that cannot be used. `path` leads to it from the field, e.g. `['first']`. */
export function badInput(message: string, path: readonly string[]): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode, argumentPath: path },
  });
}

/** True where `code` says that the message was written for clients. */
export function isPublic(code: unknown): boolean {
  return code !== 'INTERNAL_SERVER_ERROR' && (ERROR_CODES as readonly unknown[]).includes(code);
}

/** What the client is told instead of an error that was not written for it. */
export function maskOf(correlationId: string) {
  return {
    message: `Something went wrong on the server. If it happens again, quote ${correlationId}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode, correlationId },
  } as const;
}

export interface Masking {
  /** A fresh id for an error that is hidden. */
  readonly newId: () => string;
  /** Told of every error that is hidden. */
  readonly report: (correlationId: string, error: unknown) => void;
}

/** Masks one error of an ExecutionResult unless it is public. Path and locations stay. */
export function maskError(error: GraphQLError, { newId, report }: Masking): GraphQLError {
  const { code } = error.extensions;
  // graphql-js gives its own complaints about a request no code, and nobody threw them.
  if (isPublic(code) || (code === undefined && error.originalError === undefined)) return error;
  const id = newId();
  report(id, error.originalError ?? error);
  const { message, extensions } = maskOf(id);
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions,
  });
}
