/** A whole list out of its pages; knows no keys. */
import type { ObjectStore, ObjectSummary } from './ports.ts';

/** Every object whose key begins with `prefix`, in the byte order of the keys. */
export async function listAll(store: ObjectStore, prefix: string): Promise<ObjectSummary[]> {
  const objects: ObjectSummary[] = [];
  for (let startAfter: string | undefined; ; ) {
    const page = await store.list(prefix, startAfter === undefined ? {} : { startAfter });
    objects.push(...page.objects);
    if (page.next === null) return objects;
    startAfter = page.next;
  }
}
