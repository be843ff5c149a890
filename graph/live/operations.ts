/** The GraphQL side of live delivery, over the schema, rules and limits that HTTP has too; knows no socket. */
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import type { Ganway } from '../ganway.ts';
import { validateOperation } from '../limits/validate.ts';
import { createContext } from '../resolvers/context.ts';
import { type Masking, maskError } from '../resolvers/errors.ts';
import { executeBatch } from '../resolvers/subscription.ts';
import type { Operation, Operations } from './live.ts';

/** The operations of the API, with unexpected errors masked and reported as over HTTP. */
export function createOperations(g: Ganway, schema: GraphQLSchema, masking: Masking): Operations {
  const masked = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map((error) => maskError(error, masking)) } : result;
  return {
    schema,
    parse: ({ document, variables, operationName }) => {
      const { errors, document: parsed } = validateOperation(schema, document, variables, operationName);
      return errors ? { kind: 'invalid', errors } : { kind: 'valid', document: parsed };
    },
    execute: async (operation) => masked(await execute({ schema, ...argumentsOf(g, operation) })),
    executeBatch: async (operation, batch) => {
      const { document, contextValue } = argumentsOf(g, operation);
      const { operationName, variables } = operation;
      return masked(await executeBatch(schema, { document, operationName, variables, contextValue, batch }));
    },
  };
}

/** The document passed {@link validateOperation} when it came; parsing it again is cheaper than keeping it anywhere. */
function argumentsOf(g: Ganway, { document, operationName, variables, viewer, origin }: Operation) {
  return {
    document: parse(document),
    operationName,
    variableValues: variables,
    contextValue: createContext(g, viewer, origin),
  };
}
