/** Errors that a client may see as they are, and the mask over all others. */
import { GraphQLError } from 'graphql';

/** The closed list of `extensions.code`. */
export const ERROR_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
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

/** What the client is told of an error: itself where it is meant for clients, else a sentence with a number to quote. */
export interface Masking {
  /** A fresh id for an error that is hidden. */
  readonly newId: () => string;
  /** Told of every error that is hidden. */
  readonly report: (id: string, error: unknown) => void;
}

/** True for what graphql-js and we ourselves made for clients: a wrong request, or a code of the closed list. */
function isForClients(error: GraphQLError): boolean {
  const { code } = error.extensions;
  if (code === undefined) return error.originalError === undefined;
  return code !== 'INTERNAL_SERVER_ERROR' && (ERROR_CODES as readonly unknown[]).includes(code);
}

/** Masks one error of an {@link ExecutionResult}. Path and location stay, the message does not. */
export function maskError(error: GraphQLError, { newId, report }: Masking): GraphQLError {
  if (isForClients(error)) return error;
  const id = newId();
  report(id, error.originalError ?? error);
  return new GraphQLError(`Something went wrong on the server. If it happens again, quote ${id}.`, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode, correlationId: id },
  });
}
