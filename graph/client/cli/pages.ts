/** Walks a list of the API page by page; knows not what is in it. */

export interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Every item in order. `ask` is given the end of the page before, null at first; pages that nobody reads are not asked for. */
export async function* pages<T>(ask: (after: string | null) => Promise<Page<T>>): AsyncGenerator<T, void, void> {
  let after: string | null = null;
  do {
    const page: Page<T> = await ask(after);
    for (const { node } of page.edges) yield node;
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
}
