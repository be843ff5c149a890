/** Pages of lists by keyset: the cursor is the sort key itself, so that it stays right while the list grows. */
import { badInput } from './errors.ts';

/** Longest page of a connection, and of events and log lines. */
export const MAX_PAGE = 100;
export const MAX_LINES = 1000;

export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * The page length an argument asks for.
 *
 * @throws GraphQLError `BAD_USER_INPUT` where it is negative or above `max`.
 */
export function pageLength(first: number | null | undefined, fallback: number, max: number): number {
  const length = first ?? fallback;
  if (length < 0) throw badInput(`first must not be negative, but is ${length}.`, ['first']);
  if (length > max) throw badInput(`first may be at most ${max}, but is ${length}. Read on with after.`, ['first']);
  return length;
}

/** A connection over the items of one page, which the caller has cut to length. */
export function connection<T>(
  nodes: readonly T[],
  cursorOf: (node: T) => string,
  has: { readonly next: boolean; readonly previous: boolean },
): Connection<T> {
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: has.next,
      hasPreviousPage: has.previous,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** Sort key of something at a step, as a cursor: texts compare as (step, attempt, name) do. */
export function stepCursor({ step, attempt }: { step: number; attempt: number }, name = ''): string {
  return `${String(step).padStart(16, '0')}.${String(attempt).padStart(6, '0')}.${name}`;
}

/**
 * The page of `items`, sorted by rising cursor, that follows `after`.
 *
 * @throws GraphQLError `BAD_USER_INPUT` where `after` is no {@link stepCursor}.
 */
export function pageBySteps<T>(
  items: readonly T[],
  cursorOf: (item: T) => string,
  { first, after, newestFirst }: { first: number; after: string | null | undefined; newestFirst: boolean },
): Connection<T> {
  if (after != null && !/^\d{16}\.\d{6}\./.test(after)) throw badInput('after is no cursor of this list.', ['after']);
  const ordered = newestFirst ? items.toReversed() : items;
  const isPast = (item: T): boolean => after == null || (newestFirst ? cursorOf(item) < after : cursorOf(item) > after);
  const start = ordered.findIndex(isPast);
  const rest = start < 0 ? [] : ordered.slice(start, start + first + 1);
  return connection(rest.slice(0, first), cursorOf, {
    next: rest.length > first,
    previous: start < 0 ? ordered.length > 0 : start > 0,
  });
}
