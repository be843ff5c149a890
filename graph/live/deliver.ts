/** Delivers what is new in a run to all who subscribed to it: in order, without gaps, one process at a time. */
import { formatCursor } from '../run/cursor.ts';
import { type EventPage, readEvents } from '../run/replay.ts';
import { groupsOf, type Lane, mergeLanes, sortIntoLanes } from './lanes.ts';
import { acquire, type Lease, LeaseLost } from './lease.ts';
import type { Live } from './live.ts';
import { type Member, readLiveRun } from './members.ts';
import type { ReadPage } from './pieces.ts';
import { hasJoiners, settleJoiners, settleLeavers, settleOutsiders } from './settle.ts';
import { type Step, step } from './step.ts';

/** Most events of one batch. */
const BATCH_EVENTS = 100;

/** What is delivered: the journal of a run, as far as it was told of or up to now. */
interface Source {
  readonly runId: string;
  readonly told?: number | undefined;
}

/**
 * Brings every subscription of a run up to date. Where another process is at it, that process is told to look once more
 * before it stops, so a hint that comes meanwhile is not lost.
 *
 * @param told position of a segment that a hint told of; without one the journal is listed
 * @throws {@link StorageError} where the storage fails; what was not delivered stays to be delivered.
 */
export async function deliver(live: Live, runId: string, told?: number): Promise<void> {
  for (;;) {
    const found = await readLiveRun(live, runId);
    if (found.members.length === 0) return;
    const lease = await acquire(live, runId, found.lease);
    if (lease === 'changed') continue;
    return lease === 'held' ? undefined : deliverAll(live, lease, { runId, told }, found.members);
  }
}

/** Delivers under a lease until nobody has knocked, and lets it go. `found`: the members, not older than the lease. */
async function deliverAll(live: Live, lease: Lease, { runId, told }: Source, found: readonly Member[]): Promise<void> {
  let members = found;
  let source: Source = { runId, told };
  try {
    for (let { uncertain } = lease; ; uncertain = false) {
      const now = live.g.now().getTime();
      const from = sortIntoLanes(members, lease.groups(), { uncertain, now });
      // Who may have been sent more than is written down is sent again all there is: the hint may be of less than that.
      if (from.some((lane) => lane.uncertain)) source = { runId };
      const { lanes, finished } = await round(live, lease, source, from);
      if ((await lease.release(groupsOf(lanes), { unfinished: !finished })) === 'released') return;
      ({ members } = await readLiveRun(live, runId));
      source = { runId };
    }
  } catch (cause) {
    if (cause instanceof LeaseLost) return;
    await lease.release(lease.groups(), { unfinished: true }).catch(() => undefined);
    throw cause;
  }
}

/** Moves all lanes forward, a page at a time, until each is at the end; not finished where some could not be moved. */
async function round(
  live: Live,
  lease: Lease,
  source: Source,
  from: readonly Lane[],
): Promise<{ readonly lanes: readonly Lane[]; readonly finished: boolean }> {
  const { runId } = source;
  let lanes = from;
  let finished = true;
  for (let next = source; ; next = { runId }) {
    const read = pageReader(live, next);
    const moving = lanes.filter((lane) => lane.moving);
    const results = await Promise.allSettled(moving.map((lane) => step(live, lane, { read, keep: lease.keep })));
    const steps: Step[] = [];
    const stuck: Lane[] = [];
    for (const [index, result] of results.entries()) {
      const lane = moving[index];
      if (result.status === 'fulfilled') steps.push(result.value);
      else if (result.reason instanceof LeaseLost || lane === undefined) throw result.reason;
      else {
        stuck.push({ ...lane, moving: false });
        finished = false;
        live.warn(`delivery of run ${runId} failed; it will be tried again`, result.reason);
      }
    }
    // Before the groups move on: whoever was left behind must not be taken along.
    await settleLeavers(live, steps);
    lanes = mergeLanes([...lanes.filter((lane) => !lane.moving), ...stuck, ...steps.map(({ lane }) => lane)]);
    lanes = await settleOutsiders(live, lanes);
    const joining = hasJoiners(lanes);
    if (joining || lanes.some((lane) => lane.moving)) await lease.advance(groupsOf(lanes));
    if (joining) lanes = await settleJoiners(live, lanes);
    if (!lanes.some((lane) => lane.moving)) return { lanes, finished };
  }
}

/** Reads each page once, however many lanes ask for it. */
function pageReader({ g }: Live, { runId, told }: Source): ReadPage {
  const pages = new Map<string, Promise<EventPage | null>>();
  return (after, includeSuperseded) => {
    const key = `${formatCursor(after)} ${includeSuperseded}`;
    const page = pages.get(key) ?? readEvents(g, runId, { after, first: BATCH_EVENTS, includeSuperseded, told });
    pages.set(key, page);
    return page;
  };
}
