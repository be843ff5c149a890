/** How large an operation may be; the numbers, and nothing about how they are counted. */

export const LIMITS = {
  /** Levels of fields, counted through fragments. Introspection has its own. */
  depth: 12,
  /** Levels of fields below `__schema` and `__type`; the explorer's query has 14. */
  introspectionDepth: 20,
  /** Aliases in the operation after its fragments are expanded. */
  aliases: 20,
  /** Fields at the root. */
  rootFields: 10,
  /** Objects, and scalars by half, each counted as often as the lists around it may repeat it. */
  cost: 20_000,
  /** Directives in the operation after its fragments are expanded. */
  directives: 20,
  /** Lexical tokens of the text. */
  tokens: 2_000,
} as const;

/**
 * A list that no argument limits counts as so many items: about as many attempts, phases or values as a run has. With it
 * a page of a run with all its charts, and a page of 1000 events with their values, stay below the limit.
 */
export const USUAL_LIST = 5;

/** Lists, by `Type.field`, that are longer than usual: the most they have. */
export const LONG_LISTS: Readonly<Record<string, number>> = { 'ApiKeyList.keys': 100, 'Dataset.skipped': 1000 };

export type Limit = keyof typeof LIMITS;
