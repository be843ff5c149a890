/** Catches up on what no hint came for: every run that somebody watches; cheap where nothing has changed. */
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import type { ObjectSummary } from '../storage/ports.ts';
import { deliver } from './deliver.ts';
import { acquire } from './lease.ts';
import type { Live } from './live.ts';
import { type LiveRun, readObjects } from './members.ts';
import { isBehind } from './pending.ts';

/** A lease that nobody has held for this long, of a run that nobody watches, is litter. Milliseconds. */
const LITTER_MS = 60_000;

/**
 * Delivers in every watched run that is behind. For a slow timer, and for whenever hints may have been missed.
 *
 * @throws {@link StorageError} where the list of watched runs cannot be read.
 */
export async function deliverOpen(live: Live): Promise<void> {
  const runs = new Map<string, ObjectSummary[]>();
  for (const object of await listAll(live.g.store, keys.allLive)) {
    const runId = keys.runOfLive(object.key);
    if (runId !== null) runs.set(runId, [...(runs.get(runId) ?? []), object]);
  }
  await Promise.all(
    [...runs].map(async ([runId, objects]) => {
      try {
        const liveRun = await readObjects(live, objects);
        if (await isBehind(live, runId, liveRun)) await deliver(live, runId);
        const idle = live.g.now().getTime() - (liveRun.lease?.value.expiresAt ?? Number.POSITIVE_INFINITY);
        if (liveRun.members.length === 0 && idle > LITTER_MS) await removeLease(live, runId, liveRun.lease);
      } catch (cause) {
        live.warn(`catching up on run ${runId} failed`, cause);
      }
    }),
  );
}

/** Removes the lease of a run as it was found. Taken before, so that it is not that of somebody who came to watch. */
async function removeLease(live: Live, runId: string, found: LiveRun['lease']): Promise<void> {
  const lease = await acquire(live, runId, found);
  if (lease !== 'held' && lease !== 'changed') await live.g.store.remove(keys.lease(runId));
}
