/** The three scalars of the schema: what they accept and how they are written. */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

function fail(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function integer(name: string, min: number): (value: unknown) => number {
  return (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    return fail(`${name} must be an integer from ${min} to ${Number.MAX_SAFE_INTEGER}, not ${JSON.stringify(value)}.`);
  };
}

function integerScalar(name: string, min: number, description: string): GraphQLScalarType<number, number> {
  const parse = integer(name, min);
  return new GraphQLScalarType({
    name,
    description,
    serialize: parse,
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.INT ? Number(node.value) : literal(node)),
  });
}

/** A literal as a message can show it. */
function literal(node: ValueNode): unknown {
  return 'value' in node ? node.value : node.kind;
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function parseInstant(value: unknown): Date {
  if (typeof value !== 'string' || !RFC_3339.test(value)) {
    return fail(`DateTime must be an RFC 3339 string such as "2026-05-01T12:00:00Z", not ${JSON.stringify(value)}.`);
  }
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? fail(`DateTime ${JSON.stringify(value)} is no date of the calendar.`) : date;
}

// The descriptions are those of schema.graphql, which a scalar of one's own would replace by nothing.
export const Step = integerScalar(
  'Step',
  0,
  "A number of training steps: an integer from 0 to 2^53 − 1. GraphQL's Int has only 32 bits.",
);
export const Long = integerScalar(
  'Long',
  Number.MIN_SAFE_INTEGER,
  'An integer beyond 32 bits, such as a number of bytes, from −(2^53 − 1) to 2^53 − 1; a plain JSON number.',
);

/** Parsed to a Date, written in UTC with milliseconds. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in RFC 3339, always in UTC, for example `2026-05-01T12:00:00.000Z`.',
  serialize: (value) => (value instanceof Date ? value : parseInstant(value)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : literal(node)),
});
