import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLError, getIntrospectionQuery, getOperationAST, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../schema.ts';
import { costOf } from './cost.ts';
import { LIMITS, USUAL_LIST } from './limits.ts';
import { validateOperation } from './validate.ts';

const limitsOf = (source: string, variables?: Record<string, unknown>): unknown[] =>
  (validateOperation(schema, source, variables).errors ?? []).map(({ extensions }: GraphQLError) => extensions.limit);

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

/** A document of `depth` fields nested, in the own schema of the test, which has no end. */
const endless = buildSchema('type Query { deeper: Query leaf: Int list(first: Int = 10): [Query!]! }');
const nested = (depth: number): string => `${'deeper { '.repeat(depth - 1)}leaf${' }'.repeat(depth - 1)}`;
const limitsInEndless = (source: string): unknown[] =>
  (validateOperation(endless, source).errors ?? []).map(({ extensions }) => extensions.limit);

describe('depth', () => {
  it('is allowed up to the limit and refused beyond', () => {
    expect(limitsInEndless(`{ ${nested(LIMITS.depth)} }`)).toEqual([]);
    expect(limitsInEndless(`{ ${nested(LIMITS.depth + 1)} }`)).toEqual(['depth']);
  });

  it('is counted through named and inline fragments, which are no level themselves', () => {
    const half = LIMITS.depth / 2;
    const split = (below: number) =>
      `{ ${'deeper { '.repeat(half)} ...Rest ${' }'.repeat(half)} } fragment Rest on Query { ... on Query { ${nested(below)} } }`;
    expect(limitsInEndless(split(half))).toEqual([]);
    expect(limitsInEndless(split(half + 1))).toEqual(['depth']);
  });

  it('lets the whole introspection query of GraphiQL pass', () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true });
    expect(validateOperation(schema, query).errors).toBeUndefined();
  });

  it('of introspection has a limit, too', () => {
    const query = `{ __schema { types { ${'ofType { '.repeat(25)} name ${'} '.repeat(25)} } } }`;
    expect(limitsOf(query)).toEqual(['introspectionDepth']);
    expect(
      limitsOf(
        `{ ...I } fragment I on Query { __type(name: "Run") { ${'ofType { '.repeat(25)} name ${'} '.repeat(25)} } }`,
      ),
    ).toEqual(['introspectionDepth']);
  });
});

describe('aliases', () => {
  const aliased = (count: number): string => `viewer { ${times(count, (index) => `a${index}: name`)} }`;

  it('are allowed up to the limit and refused beyond', () => {
    expect(limitsOf(`{ ${aliased(LIMITS.aliases)} }`)).toEqual([]);
    expect(limitsOf(`{ ${aliased(LIMITS.aliases + 1)} }`)).toEqual(['aliases']);
  });

  it('count as often as their fragment is spread', () => {
    const fragment = `fragment F on Viewer { ${times(11, (index) => `a${index}: name`)} }`;
    expect(limitsOf(`{ viewer { ...F } } ${fragment}`)).toEqual([]);
    expect(limitsOf(`{ viewer { ...F } again: viewer { ... on Viewer { ...F } } } ${fragment}`)).toEqual(['aliases']);
  });
});

describe('root fields', () => {
  it('are counted through fragments', () => {
    const fields = (count: number): string => times(count, (index) => `a${index}: server { version }`);
    expect(limitsOf(`{ ${fields(LIMITS.rootFields)} }`)).toEqual([]);
    expect(limitsOf(`{ ${fields(LIMITS.rootFields + 1)} }`)).toEqual(['rootFields']);
    const half = (name: string, offset: number) =>
      `fragment ${name} on Query { ${times(6, (index) => `b${index + offset}: server { version }`)} }`;
    expect(limitsOf(`{ ...A ... on Query { ...B } } ${half('A', 0)} ${half('B', 6)}`)).toEqual(['rootFields']);
  });
});

describe('directives', () => {
  it('are counted on fields, spreads and fragments', () => {
    const skips = (count: number): string => times(count, () => 'name @skip(if: false)');
    expect(limitsOf(`{ viewer { ${skips(LIMITS.directives)} } }`)).toEqual([]);
    expect(
      limitsOf(`{ viewer { ...F @skip(if: false) } } fragment F on Viewer { ${skips(LIMITS.directives)} }`),
    ).toEqual(['directives']);
  });
});

describe('tokens', () => {
  it('are counted by the parser, before any rule runs', () => {
    const [error] = validateOperation(schema, `{ ${'viewer { id } '.repeat(600)} }`).errors ?? [];
    expect(error?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    expect(error?.message).toContain('2000');
  });
});

describe('fragments that multiply', () => {
  it('are refused without being written out', () => {
    const bomb = times(60, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`);
    const source = `{ ...F0 } ${bomb} fragment F60 on Query { a: deeper { leaf } }`;
    const [error] = validateOperation(endless, source).errors ?? [];
    expect(error?.message).toMatch(/^This operation has far too many (aliases|fields at its root)/);
  });

  it('that name themselves are refused and do not hang', () => {
    const { errors } = validateOperation(
      endless,
      '{ ...A } fragment A on Query { deeper { ...B } } fragment B on Query { ...A }',
    );
    expect(errors?.[0]?.message).toContain('Cannot spread fragment');
    const document = parse('{ ...A } fragment A on Query { deeper { ...A leaf } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    expect(costOf(endless, document, operation, {})).toBe(2);
  });
});

describe('cost', () => {
  const costInEndless = (source: string, variables: Record<string, unknown> = {}): number => {
    const document = parse(source);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    return costOf(endless, document, operation, variables);
  };

  it('multiplies with the lengths of lists: literal, default of the schema, variable and its default', () => {
    expect(costInEndless('{ list(first: 8) { leaf } }')).toBe(1 + 8 / 2);
    expect(costInEndless('{ list { leaf } }')).toBe(1 + 10 / 2);
    expect(costInEndless('{ list(first: null) { leaf } }')).toBe(1 + 10 / 2);
    expect(costInEndless('query ($n: Int = 4) { list(first: $n) { leaf } }')).toBe(1 + 4 / 2);
    expect(costInEndless('query ($n: Int = 4) { list(first: $n) { leaf } }', { n: 100 })).toBe(1 + 100 / 2);
    expect(costInEndless('query ($n: Int = 4) { list(first: $n) { leaf } }', { n: null })).toBe(1 + 10 / 2);
    expect(costInEndless('{ list(first: 8) { list(first: 4) { leaf } } }')).toBe(1 + 8 * (1 + 4 / 2));
  });

  it('is never lowered by a negative length', () => {
    expect(costInEndless('{ a: list(first: -1000) { leaf } list(first: 8) { leaf } }')).toBe(1 + 1 + 8 / 2);
  });

  it('counts a fragment as often as it is spread, by name or inline', () => {
    const fragment = 'fragment F on Query { list(first: 8) { leaf } }';
    expect(costInEndless(`{ ...F a: deeper { ...F ... on Query { ...F } } } ${fragment}`)).toBe(5 + (1 + 10));
  });

  it('of a union is that of its dearest member, for an event is of one kind', () => {
    const events = (selection: string): string =>
      `{ run(id: "x") { events(first: 1000) { events { ${selection} } } } }`;
    const each = ['MetricsLogged', 'SampleAdded', 'CheckpointSealed', 'PhaseChanged', 'AttemptStarted', 'GuardTripped'];
    const all = each.map((type) => `... on ${type} { cursor at attemptNumber }`).join(' ');
    expect(
      limitsOf(events(`${all} ... on MetricsLogged { step kimg values { name step value nonFinite at } }`)),
    ).toEqual([]);
  });

  it('counts a list that no argument limits at its usual length, and a list within a page only by the page', () => {
    const cost = (source: string, variables: Record<string, unknown> = {}): number => {
      const document = parse(source);
      const operation = getOperationAST(document);
      if (!operation) throw new Error('no operation');
      return costOf(schema, document, operation, variables);
    };
    expect(cost('{ run(id: "x") { attempts { number } } }')).toBe(1 + 1 + Math.ceil(USUAL_LIST / 2));
    expect(cost('{ runs(first: 8) { edges { cursor } } }')).toBe(1 + 8 * (1 + 1 / 2));
    expect(cost('{ runs(first: 8) { edges { node { summary { name } } } } }')).toBe(1 + 8 * (3 + USUAL_LIST / 2));
    expect(cost('{ runs(first: 8) { ...P } } fragment P on RunConnection { edges { cursor } }')).toBe(1 + 8 * 1.5);
    expect(cost('{ datasets(first: 8) { edges { node { classes } } } }')).toBe(1 + 8 * (2 + USUAL_LIST / 2));

    const series = (points: string): string => `{ run(id: "x") { metrics(${points}) { points { last } } } }`;
    expect(cost(series('buckets: 100'))).toBe(2 + USUAL_LIST * 100 * 1.5);
    expect(cost(series('buckets: 100, names: null'))).toBe(2 + USUAL_LIST * 100 * 1.5);
    expect(cost(series('buckets: 100, names: ["a", "b", "c"]'))).toBe(2 + 3 * 100 * 1.5);
    expect(cost(series('buckets: 100, names: "a"'))).toBe(2 + 100 * 1.5);
    const named = 'query ($n: [String!]) { run(id: "x") { metrics(buckets: 100, names: $n) { points { last } } } }';
    expect(cost(named, { n: Array.from({ length: 30 }, (_, index) => `m${index}`) })).toBe(2 + 30 * 100 * 1.5);
  });

  it('refuses long lists in lists: files that were left out, metrics by the dozen', () => {
    const skipped = (first: number): string =>
      `{ datasets(first: ${first}) { edges { node { skipped { name reason } } } } }`;
    expect(limitsOf(skipped(10))).toEqual([]);
    expect(limitsOf(skipped(20))).toEqual(['cost']);
    const series = (count: number): string =>
      `{ run(id: "x") { metrics(buckets: 2000, names: [${times(count, (index) => `"m${index}"`)}]) { points { last } } } }`;
    expect(limitsOf(series(6))).toEqual([]);
    expect(limitsOf(series(7))).toEqual(['cost']);
  });

  it('allows a page of summaries, and every operation of the README, the explorer and the command line', () => {
    const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const sources = [
      ...[...read('README.md').matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, source]) => source ?? ''),
      /FIRST_STEPS = `([\s\S]*?)`;/.exec(read('infra/local/explorer/explorer.js'))?.[1] ?? '',
      read('graph/client/operations.graphql'),
      '{ runs(first: 20) { edges { node { id name phase summary { name step value } attempts { number } } } } }',
    ];
    let operations = 0;
    for (const source of sources) {
      for (const definition of parse(source).definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        operations += 1;
        expect(validateOperation(schema, source, { first: 100 }, definition.name?.value).errors).toBeUndefined();
      }
    }
    expect(operations).toBeGreaterThan(10);
  });

  it('allows what a page of a run needs and refuses lists in lists of the longest kind', () => {
    const run = `{ run(id: "x") { id name phase reason { message } summary { name value step }
      metrics { name points { start width step last min max mean count nonFinite } }
      samples(first: 100) { edges { cursor node { id set step url expiresAt width height } } } } }`;
    expect(limitsOf(run)).toEqual([]);
    const sheets =
      '{ runs(first: 100) { edges { node { ...S } } } } fragment S on Run { samples(first: 100) { edges { node { id } } } }';
    expect(limitsOf(sheets)).toEqual(['cost']);
    const charts = '{ runs(first: 50) { edges { node { metrics(buckets: 2000) { points { last } } } } } }';
    expect(limitsOf(charts)).toEqual(['cost']);
  });
});

describe('the run of a live batch', () => {
  const watch = (run: string, more = ''): unknown =>
    validateOperation(schema, `subscription { runEvents(runId: "x") { cursor ${run} } } ${more}`).errors?.[0]?.message;

  it('may select scalars, reason and summary', () => {
    expect(watch('run { id phase step labels reason { code } summary { name value } }')).toBeUndefined();
  });

  it('may select nothing that would have to be read, not even through fragments and aliases', () => {
    const sentence =
      'In a subscription, run may select only scalars, reason and summary, not samples. Query it with run(id:).';
    expect(watch('run { samples { edges { cursor } } }')).toBe(sentence);
    expect(watch('mine: run { ... on Node { ... on Run { all: samples { edges { cursor } } } } }')).toBe(sentence);
    expect(
      watch('...B', 'fragment B on RunEventBatch { run { ...R } } fragment R on Run { samples { edges { cursor } } }'),
    ).toBe(sentence);
  });

  it('may select everything in a query', () => {
    const query = '{ run(id: "x") { events { run { samples { edges { cursor } } } } } }';
    expect(validateOperation(schema, query).errors).toBeUndefined();
  });
});
