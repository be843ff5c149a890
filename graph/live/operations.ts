/** The GraphQL side of live delivery, over the schema, rules and limits that HTTP has too; knows no socket. */
import { type ExecutionResult, execute, type GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Ganway } from '../ganway.ts';
import { validateOperation } from '../limits/validate.ts';
import { createContext } from '../resolvers/context.ts';
import { executeBatch } from '../resolvers/subscription.ts';
import type { Operation, Operations } from './live.ts';

export interface OperationsOptions {
  /** Turns the errors of a result into what clients may read, and logs the unexpected ones. */
  readonly mask: (error: GraphQLError) => GraphQLError;
}

export function createOperations(g: Ganway, schema: GraphQLSchema, { mask }: OperationsOptions): Operations {
  const masked = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map(mask) } : result;
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
