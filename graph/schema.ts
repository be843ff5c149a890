/** The executable schema, made once from its text and the resolvers; knows no transport. */
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { resolvers } from './resolvers/resolvers.ts';
import { typeDefs } from './schema.gen.ts';

export const schema: GraphQLSchema = makeExecutableSchema({ typeDefs, resolvers });
