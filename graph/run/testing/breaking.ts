/** Stores that die in the middle, as the process around them would, or that others get ahead of; no test. */
import { keys } from '../../storage/keys.ts';
import { type ObjectStore, StorageError } from '../../storage/ports.ts';

export interface Breaking {
  readonly store: ObjectStore;
  /** Writes that were asked for. */
  writes(): number;
}

/** Fails the `nth` write and everything after it. `lost`: that write still comes through, and only its reply is lost. */
export function breakingStore(store: ObjectStore, nth: number, kind: 'undone' | 'lost'): Breaking {
  let writes = 0;
  const dead = () => new StorageError('UNREACHABLE', `dead since write ${nth}`);
  const writing = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes < nth) return write();
    if (writes === nth && kind === 'lost') await write();
    throw dead();
  };
  const reading = <T>(read: () => Promise<T>): Promise<T> => (writes < nth ? read() : Promise.reject(dead()));
  return {
    writes: () => writes,
    store: {
      create: (...args) => writing(() => store.create(...args)),
      replace: (...args) => writing(() => store.replace(...args)),
      put: (...args) => writing(() => store.put(...args)),
      remove: (...args) => writing(() => store.remove(...args)),
      get: (...args) => reading(() => store.get(...args)),
      head: (...args) => reading(() => store.head(...args)),
      list: (...args) => reading(() => store.list(...args)),
    },
  };
}

/** Lets something else happen right before the first event that is written. */
export function overtakenStore(store: ObjectStore, event: () => Promise<unknown>): ObjectStore {
  let happened = false;
  return {
    ...store,
    create: async (key, ...rest) => {
      if (keys.runOfSegment(key) !== null && !happened) {
        happened = true;
        await event();
      }
      return store.create(key, ...rest);
    },
  };
}
