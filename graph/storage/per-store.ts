/** What a process remembers of each store it has open, and forgets with it; knows not what that is. */
import type { ObjectStore } from './ports.ts';

/** A function that makes the memory of a store at its first call and returns the same one ever after. */
export function perStore<T>(make: () => T): (store: ObjectStore) => T {
  const made = new WeakMap<ObjectStore, { readonly memory: T }>();
  return (store) => {
    const known = made.get(store);
    if (known) return known.memory;
    const memory = make();
    made.set(store, { memory });
    return memory;
  };
}
