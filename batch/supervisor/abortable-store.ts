/** A store whose requests end with a signal, those under way too; knows no object. */
import type { ObjectStore } from '../../graph/storage/ports.ts';

/** @param end aborted: every request, also one that waits for a reply, is refused with a StorageError `ABORTED` */
export function abortableStore(store: ObjectStore, end: AbortSignal): ObjectStore {
  const both = (signal: AbortSignal | undefined) => ({ signal: signal ? AbortSignal.any([signal, end]) : end });
  return {
    create: (key, body, options = {}) => store.create(key, body, { ...options, ...both(options.signal) }),
    replace: (key, body, etag, options = {}) => store.replace(key, body, etag, { ...options, ...both(options.signal) }),
    put: (key, body, options = {}) => store.put(key, body, { ...options, ...both(options.signal) }),
    get: (key, options = {}) => store.get(key, both(options.signal)),
    head: (key, options = {}) => store.head(key, both(options.signal)),
    list: (prefix, options = {}) => store.list(prefix, { ...options, ...both(options.signal) }),
    remove: (key) => store.remove(key),
  };
}
