/** A process with one fault in it, at the operation that a test chooses; no test. */
import type { Ganway } from '../../ganway.ts';
import { StorageError } from '../../storage/ports.ts';

/**
 * `killed`: the process is gone before its nth operation that changes anything. `refused`: that operation fails, undone,
 * and the process goes on. `lost`: it is done, its reply gets lost, and the process goes on.
 */
export type Fault = 'killed' | 'refused' | 'lost';
export const FAULTS: readonly Fault[] = ['killed', 'refused', 'lost'];

export interface FaultyProcess {
  readonly g: Ganway;
  /** Operations so far that would have changed something: writes of the store, submissions and ends of jobs. */
  operations(): number;
}

/** A process that is as good as `g` until its `nth` operation. */
export function faultyProcess(g: Ganway, nth: number, fault: Fault): FaultyProcess {
  let operations = 0;
  const broken = () => new StorageError('UNREACHABLE', `${fault} at operation ${nth}`);
  const isDead = () => fault === 'killed' && operations >= nth;
  const changing =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      operations += 1;
      if (isDead()) throw broken();
      if (operations !== nth) return act(...args);
      if (fault === 'lost') await act(...args);
      throw broken();
    };
  const reading =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      isDead() ? Promise.reject(broken()) : act(...args);
  const { store, queue } = g;
  return {
    operations: () => operations,
    g: {
      ...g,
      store: {
        create: changing(store.create),
        replace: changing(store.replace),
        put: changing(store.put),
        remove: changing(store.remove),
        get: reading(store.get),
        head: reading(store.head),
        list: reading(store.list),
      },
      queue: {
        submit: changing(queue.submit),
        terminate: changing(queue.terminate),
        describe: reading(queue.describe),
        findByName: reading(queue.findByName),
      },
    },
  };
}
