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

function integerScalar(name: string, min: number): GraphQLScalarType<number, number> {
  const parse = integer(name, min);
  return new GraphQLScalarType({
    name,
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

export const Step = integerScalar('Step', 0);
export const Long = integerScalar('Long', Number.MIN_SAFE_INTEGER);

/** Parsed to a Date, written in UTC with milliseconds. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : parseInstant(value)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : literal(node)),
});
