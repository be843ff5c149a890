/** Decides whether the text of an operation may be executed: syntax, limits, types, cost; the same over HTTP and sockets. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { costOf } from './cost.ts';
import type { Variables } from './lengths.ts';
import { LIMITS } from './limits.ts';
import { rules, shapeRule, tooLarge } from './rules.ts';

export type Validated =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly errors: readonly GraphQLError[]; readonly document?: undefined };

/** The document of a text, or every reason why it may not be executed; each error has `extensions.code`. */
export function validateOperation(
  schema: GraphQLSchema,
  source: string,
  variables?: Variables | null,
  operationName?: string | null,
): Validated {
  let document: DocumentNode;
  try {
    document = parse(source, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [withCode(error, 'GRAPHQL_PARSE_FAILED')] };
    throw error;
  }
  // First what bounds the work of all other rules.
  const large = validate(schema, document, [shapeRule]);
  if (large.length > 0) return { errors: large };
  const invalid = [...validate(schema, document), ...validate(schema, document, rules)];
  if (invalid.length > 0) return { errors: invalid.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
  const operation = getOperationAST(document, operationName);
  const expensive = operation && checkCost(schema, document, operation, variables ?? {});
  return expensive ? { errors: [expensive] } : { document };
}

/** The error of an operation that costs too much with these variables, or null. */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): GraphQLError | null {
  const cost = costOf(schema, document, operation, variables);
  return cost > LIMITS.cost ? tooLarge('cost', cost, operation) : null;
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: { code, ...error.extensions },
  });
}
