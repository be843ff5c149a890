/** Errors that a client may see as they are; anything else is masked at the edge. */
import { GraphQLError } from 'graphql';

/** The closed list of `extensions.code`; the ones Apollo adds for malformed requests are listed in functions/errors.ts. */
export type ErrorCode = 'BAD_USER_INPUT' | 'OPERATION_TOO_LARGE' | 'FORBIDDEN' | 'UNAUTHENTICATED';

/** An argument that cannot be used. `path` leads to it from the field, e.g. `['first']`. */
export function badInput(message: string, path: readonly string[]): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode, argumentPath: path },
  });
}
