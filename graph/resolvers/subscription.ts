/** Runs the selection of a subscription over a batch that somebody else has read; knows no socket and no journal. */
import { type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import type { ErrorCode } from './errors.ts';
import type { BatchModel } from './models.ts';
import type { SubscriptionResolvers } from './types.gen.ts';

export interface BatchOperation {
  /** A document that {@link validateOperation} let pass. */
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue: Context;
  /** What `readEvents` returned. */
  readonly batch: BatchModel;
}

/** The message of one batch for one distinct operation, as a `next` message carries it. */
export async function executeBatch(schema: GraphQLSchema, operation: BatchOperation): Promise<ExecutionResult> {
  return execute({
    schema,
    document: operation.document,
    operationName: operation.operationName ?? null,
    variableValues: operation.variables ?? null,
    contextValue: operation.contextValue,
    rootValue: operation.batch,
  });
}

/** The error for a subscription that came another way than over a socket. */
export function overSockets(): GraphQLError {
  return new GraphQLError(
    'Subscriptions are delivered over WebSocket, protocol graphql-transport-ws, at the same path.',
    {
      extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode },
    },
  );
}

/** The batch is the root value: delivery decides what comes next, the selection says how it looks. */
export const subscription: SubscriptionResolvers = {
  runEvents: {
    subscribe: () => {
      throw overSockets();
    },
    resolve: (batch: BatchModel) => batch,
  },
};
