/** Stores in which something goes wrong, or happens, at one moment of a delivery; no test. */
import { type ObjectStore, StorageError } from '../../../../graph/storage/ports.ts';

/** A store that no longer answers once its process has taken a lease. */
export function dyingAfterSend(store: ObjectStore): ObjectStore {
  let leases = 0;
  return {
    ...store,
    replace: async (key, ...rest) => {
      if (key.endsWith('lease.json') && ++leases > 1) throw new StorageError('UNREACHABLE', 'the process died');
      return store.replace(key, ...rest);
    },
  };
}

/** Lets something happen before the first call that is about a key. */
export function preceded<Args extends unknown[], Result>(
  call: (key: string, ...rest: Args) => Promise<Result>,
  about: string,
  event: () => Promise<unknown>,
): (key: string, ...rest: Args) => Promise<Result> {
  let happened = false;
  return async (key, ...rest) => {
    if (key === about && !happened) {
      happened = true;
      await event();
    }
    return call(key, ...rest);
  };
}
