/** The right to deliver a run's events, held by one process at a time; knows nothing of what is delivered. */
import { keys } from '../storage/keys.ts';
import type { Live } from './live.ts';
import { encode, type LeaseRecord, type Progress, readLease, type Stored } from './records.ts';

/** How long a holder may be silent before another takes over, in milliseconds. */
export const LEASE_MS = 10_000;

/** A lease in hand. Every method throws {@link LeaseLost} where another process has taken over meanwhile. */
export interface Lease {
  /** True where the holder before may have sent what it did not write down: it died, was too slow, or said so. */
  readonly uncertain: boolean;
  /** How far each group of subscriptions is. */
  readonly groups: () => Readonly<Record<string, Progress>>;
  /** Records how far the groups are, and holds on for another {@link LEASE_MS}. */
  advance(groups: Readonly<Record<string, Progress>>): Promise<void>;
  /** Holds on where more than half of the time is over. */
  keep(): Promise<void>;
  /** Lets go. `unfinished` makes the next look at the run deliver again, whatever else it finds. */
  release(options: {
    readonly groups?: Readonly<Record<string, Progress>>;
    readonly unfinished: boolean;
  }): Promise<void>;
}

/** Another process took the lease over, because this one was too slow. What it had sent may be sent again. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Takes the lease of a run; null where somebody else holds it, who will look for more after letting go. */
export async function acquire({ g, cache }: Pick<Live, 'g' | 'cache'>, runId: string): Promise<Lease | null> {
  const key = keys.lease(runId);
  const owner = Buffer.from(g.random(12)).toString('hex');
  const now = () => g.now().getTime();
  const held = (from: Pick<LeaseRecord, 'groups'>): LeaseRecord => ({
    v: 1,
    owner,
    expiresAt: now() + LEASE_MS,
    unfinished: false,
    groups: from.groups,
  });

  const before = await readLease(g.store, key);
  if (before && before.value.owner !== null && before.value.expiresAt > now()) return null;
  const first = held(before?.value ?? { groups: {} });
  const won = before
    ? await g.store.replace(key, encode(first), before.etag)
    : await g.store.create(key, encode(first));
  if (won.outcome === 'stale' || won.outcome === 'taken') return null;
  let current: Stored<LeaseRecord> = { etag: won.etag, value: first };

  const write = async (value: LeaseRecord) => {
    const result = await g.store.replace(key, encode(value), current.etag);
    if (result.outcome === 'stale') throw new LeaseLost(`the lease of ${runId} went to another process`);
    current = { etag: result.etag, value };
    cache.set(key, current);
  };
  return {
    uncertain: before !== null && (before.value.owner !== null || before.value.unfinished),
    groups: () => current.value.groups,
    advance: (groups) => write(held({ groups })),
    keep: async () => {
      if (current.value.expiresAt - now() < LEASE_MS / 2) await write(held(current.value));
    },
    release: ({ groups = current.value.groups, unfinished }) =>
      write({ v: 1, owner: null, expiresAt: now(), unfinished, groups }),
  };
}
