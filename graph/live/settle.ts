/** Writes down where each subscription is after a step of delivery; sends nothing. */
import { forgetConnection } from './connection.ts';
import type { Lane } from './lanes.ts';
import type { Live } from './live.ts';
import { type Member, replaceMember } from './members.ts';
import type { SubscriptionRecord } from './records.ts';
import type { Fallen, Step } from './step.ts';

/** A reader that cannot be sent to is left alone for 1 s, 2 s, 4 s … up to this, in milliseconds. */
const LONGEST_RETRY_MS = 30_000;

/** Those who left their lanes: gone for good, told their end, or fallen back to a place of their own. */
export async function settleLeavers(live: Live, steps: readonly Step[]): Promise<void> {
  const gone = new Set(steps.flatMap((step) => step.gone).map(({ value }) => value.connection));
  await Promise.all([
    ...[...gone].map((connection) => forgetConnection(live, connection)),
    // Also of who is gone: its connection does not name an operation any more whose id is free.
    ...steps.flatMap((step) => [...step.ended, ...step.gone]).map(({ key }) => live.g.store.remove(key)),
    ...steps.flatMap((step) => step.fallen).map((fallen) => letFall(live, fallen)),
  ]);
}

async function letFall(live: Live, { member, sent, read }: Fallen): Promise<void> {
  const failures = member.value.failures + 1;
  const retryAt = live.g.now().getTime() + Math.min(LONGEST_RETRY_MS, 1000 * 2 ** (failures - 1));
  await replaceMember(live, member, { ...member.value, joined: false, visited: true, sent, read, failures, retryAt });
}

/** Those in lanes of their own: each keeps its cursors itself. Who was ended or changed by others meanwhile is left out. */
export function settleOutsiders(live: Live, lanes: readonly Lane[]): Promise<Lane[]> {
  return replaceWhere(live, lanes, (member, { main, sent, read }) => {
    const { value } = member;
    const settled = !value.joined && value.visited && value.failures === 0;
    if (main || (settled && value.sent === sent && value.read === read)) return null;
    return { ...value, joined: false, visited: true, sent, read, failures: 0, retryAt: 0 };
  });
}

/** True where a member has come to where its group is; from there the cursors in the lease are its own. */
export function hasJoiners(lanes: readonly Lane[]): boolean {
  return lanes.some(({ main, members }) => main && members.some(({ value }) => !value.joined));
}

/** Lets them join. Only after the lease says where the group is: before, they might be taken for further than they are. */
export function settleJoiners(live: Live, lanes: readonly Lane[]): Promise<Lane[]> {
  return replaceWhere(live, lanes, ({ value }, { main, sent, read }) => {
    if (!main || value.joined) return null;
    return { ...value, joined: true, visited: true, sent, read, failures: 0, retryAt: 0 };
  });
}

function replaceWhere(
  live: Live,
  lanes: readonly Lane[],
  change: (member: Member, lane: Lane) => SubscriptionRecord | null,
): Promise<Lane[]> {
  return Promise.all(
    lanes.map(async (lane) => {
      const members = await Promise.all(
        lane.members.map((member) => {
          const value = change(member, lane);
          return value === null ? member : replaceMember(live, member, value);
        }),
      );
      return { ...lane, members: members.filter((member) => member !== null) };
    }),
  );
}
