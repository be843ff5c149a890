/** Goes round a list a page at a time, across calls and processes, so that work is bounded and everything has its turn; knows not what is listed. */
import * as v from 'valibot';
import type { Ganway } from '../ganway.ts';
import { decodeJson, encodeJson, JSON_TYPE } from '../storage/json.ts';

const turnFile = v.object({ after: v.nullable(v.string()) });

/**
 * The names below `prefix` whose turn it is, at most `most`, in the order of a list; after the last ones come the first
 * again. Where the round stands is kept under `turnKey`, and moves on before anybody works on the page: what breaks the
 * caller does not hold up all that come behind it. Of two callers at once both may get one page.
 */
export async function nextTurn(
  { store }: Pick<Ganway, 'store'>,
  { prefix, turnKey, most }: { readonly prefix: string; readonly turnKey: string; readonly most: number },
): Promise<string[]> {
  const kept = await store.get(turnKey);
  const read = kept && v.safeParse(turnFile, decodeJson(kept.body));
  const after = read?.success ? read.output.after : null;
  const page = await store.list(prefix, { limit: most, ...(after !== null && { startAfter: after }) });
  if (page.next !== after) {
    const body = encodeJson({ v: 1, after: page.next });
    await (kept ? store.replace(turnKey, body, kept.etag, JSON_TYPE) : store.create(turnKey, body, JSON_TYPE));
  }
  return page.objects.map(({ key }) => key.slice(prefix.length));
}
