/** The Apollo Server of the API: which of its features are on, and our limits and masks; knows no transport. */
import { randomUUID } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { LIMITS } from '../graph/limits/limits.ts';
import { rules } from '../graph/limits/rules.ts';
import { checkCost } from '../graph/limits/validate.ts';
import type { Context } from '../graph/resolvers/context.ts';
import { isPublic, maskOf } from '../graph/resolvers/errors.ts';
import { overSockets } from '../graph/resolvers/subscription.ts';
import type { Log } from './log.ts';

/** What validation cannot see: the cost, which needs the variables, and that this transport has no subscriptions. */
const operationPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request }) => {
      if (!operation) return;
      const error =
        operation.operation === 'subscription'
          ? overSockets()
          : checkCost(schema, document, operation, request.variables ?? {});
      // What a plugin throws is the server's fault to Apollo unless it says otherwise.
      if (error) throw withStatus(error, 400);
    },
  }),
};

function withStatus(error: GraphQLError, status: number): GraphQLError {
  const extensions = { ...error.extensions, http: { status, headers: new HeaderMap() } };
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions });
}

/** A server ready to execute; it starts in the background and answers once it has. */
export function createApollo(schema: GraphQLSchema, log: Log): ApolloServer<Context> {
  const server = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [...rules],
    plugins: [ApolloServerPluginLandingPageDisabled(), operationPlugin],
    formatError: (formatted, error) => mask(formatted, error, log),
    logger: log,
  });
  server.startInBackgroundHandlingStartupErrorsByLoggingAndFailingAllRequests();
  return server;
}

function mask(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  if (isPublic(formatted.extensions?.code)) return formatted;
  const correlationId = randomUUID();
  log.error({ correlationId, path: formatted.path, err: unwrapResolverError(error) }, 'unexpected error');
  return { ...formatted, ...maskOf(correlationId) };
}
