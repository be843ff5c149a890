/** The right to deliver a run's events, held by one process at a time; knows nothing of what is delivered. */
import { keys } from '../storage/keys.ts';
import type { Live } from './live.ts';
import { encode, type LeaseRecord, type Progress, readLease, type Stored } from './records.ts';

/** How long a holder may be silent before another takes over, in milliseconds. */
export const LEASE_MS = 10_000;

type Groups = Readonly<Record<string, Progress>>;

/** A lease in hand. Every method throws {@link LeaseLost} where another process has taken over meanwhile. */
export interface Lease {
  /** True where the holder before may have sent what it did not write down: it died, was too slow, or said so. */
  readonly uncertain: boolean;
  /** How far each group of subscriptions is. */
  readonly groups: () => Groups;
  /** Records how far the groups are, and holds on for another {@link LEASE_MS}. */
  advance(groups: Groups): Promise<void>;
  /** Holds on where more than half of the time is over. */
  keep(): Promise<void>;
  /**
   * Records how far the groups are and lets go, unless somebody has knocked since the lease was taken or since the last
   * `knocked`: then it is still held, and what there is to deliver must be looked for once more. With `unfinished` it is
   * let go in any case, and the next look at the run delivers again whatever else it finds.
   */
  release(groups: Groups, options: { readonly unfinished: boolean }): Promise<'released' | 'knocked'>;
}

/** Another process took the lease over, because this one was too slow. What it had sent may be sent again. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Takes the lease of a run. `held`: somebody else has it and was knocked at, who looks for more before letting go, so that
 * nothing written before is left behind. `changed`: it is not as it was found, nor then is what was found beside it.
 *
 * @param found the lease as it was read; null where there was none
 */
export async function acquire(
  { g, cache }: Pick<Live, 'g' | 'cache'>,
  runId: string,
  found: Stored<LeaseRecord> | null,
): Promise<Lease | 'held' | 'changed'> {
  const key = keys.lease(runId);
  const owner = Buffer.from(g.random(12)).toString('hex');
  const now = () => g.now().getTime();
  const held = (groups: Groups): LeaseRecord => {
    const expiresAt = now() + LEASE_MS;
    return { v: 1, owner, expiresAt, unfinished: false, knocked: false, groups: { ...groups } };
  };

  /** Null where what was seen is not there any more. */
  const write = async (value: LeaseRecord, seen: Stored<LeaseRecord> | null): Promise<Stored<LeaseRecord> | null> => {
    const body = encode(value);
    const result = seen ? await g.store.replace(key, body, seen.etag) : await g.store.create(key, body);
    if (result.outcome === 'stale' || result.outcome === 'taken') return null;
    const stored = { etag: result.etag, value };
    cache.set(key, stored);
    return stored;
  };

  if (found && found.value.owner !== null && found.value.expiresAt > now()) {
    const heard = found.value.knocked || (await write({ ...found.value, knocked: true }, found));
    return heard ? 'held' : 'changed';
  }
  const taken = await write(held(found?.value.groups ?? {}), found);
  if (taken === null) return 'changed';

  let current = taken;
  let knocked = false;
  /** False where somebody has knocked instead; the next try writes over that. */
  const tryWrite = async (value: LeaseRecord): Promise<boolean> => {
    const written = await write(value, current);
    const there = written ?? (await readLease(g.store, key));
    if (there === null || (written === null && there.value.owner !== owner)) {
      throw new LeaseLost(`the lease of ${runId} went to another process`);
    }
    current = there;
    if (written === null) knocked = true;
    return written !== null;
  };
  const insist = async (value: () => LeaseRecord): Promise<void> => {
    while (!(await tryWrite(value())));
  };
  const hold = (groups: Groups): Promise<void> => insist(() => held(groups));
  return {
    uncertain: found !== null && (found.value.owner !== null || found.value.unfinished),
    groups: () => current.value.groups,
    advance: hold,
    keep: async () => {
      if (current.value.expiresAt - now() < LEASE_MS / 2) await hold(current.value.groups);
    },
    release: async (groups, { unfinished }) => {
      const free = (): LeaseRecord => ({ ...held(groups), owner: null, expiresAt: now(), unfinished });
      if (unfinished) await insist(free);
      else if (knocked || !(await tryWrite(free()))) {
        await hold(groups);
        knocked = false;
        return 'knocked';
      }
      return 'released';
    },
  };
}
