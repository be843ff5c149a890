/** Sorts the subscriptions of a run into lanes: readers of the same thing at the same place. Pure. */
import type { Member } from './members.ts';
import type { Progress } from './records.ts';

/** Readers that are sent the same bytes next. */
export interface Lane extends Progress {
  readonly group: string;
  readonly members: readonly Member[];
  /** True for the lane whose cursors stand in the lease, for all who have joined. */
  readonly main: boolean;
  /** True while there may be more to send. */
  readonly moving: boolean;
  /** True where its readers may have been sent more than is written down. */
  readonly uncertain: boolean;
}

/**
 * Lanes of the members that are due. A member that has joined is where its group is; if its group is not known any more it is
 * where it was when it joined, and will be sent again what it recognises by `since`.
 */
export function sortIntoLanes(
  members: readonly Member[],
  groups: Readonly<Record<string, Progress>>,
  { uncertain: all, now }: { readonly uncertain: boolean; readonly now: number },
): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const member of members) {
    const { group, joined, retryAt, failures } = member.value;
    if (retryAt > now) continue;
    const shared = joined ? groups[group] : undefined;
    const { sent, read } = shared ?? member.value;
    const uncertain = all || failures > 0 || (joined && shared === undefined);
    const key = `${group} ${sent} ${read} ${uncertain}`;
    const lane = lanes.get(key);
    lanes.set(key, {
      group,
      sent,
      read,
      members: [...(lane?.members ?? []), member],
      main: (lane?.main ?? false) || shared !== undefined,
      moving: true,
      uncertain,
    });
  }
  return [...lanes.values()];
}

/** Makes one of lanes that have come to the same place; of every group exactly one lane is the main one afterwards. */
export function mergeLanes(lanes: readonly Lane[]): Lane[] {
  const merged = new Map<string, Lane>();
  for (const lane of lanes.filter(({ members }) => members.length > 0)) {
    const key = `${lane.group} ${lane.sent} ${lane.read} ${lane.uncertain}`;
    const other = merged.get(key);
    merged.set(
      key,
      other
        ? {
            ...lane,
            members: [...other.members, ...lane.members],
            main: other.main || lane.main,
            moving: other.moving || lane.moving,
          }
        : lane,
    );
  }
  const result = [...merged.values()];
  const withMain = new Set(result.filter(({ main }) => main).map(({ group }) => group));
  return result.map((lane) => {
    if (withMain.has(lane.group)) return lane;
    withMain.add(lane.group);
    return { ...lane, main: true };
  });
}

/** The cursors of every group's main lane, as the lease keeps them. */
export function groupsOf(lanes: readonly Lane[]): Record<string, Progress> {
  return Object.fromEntries(
    lanes.filter(({ main }) => main).map(({ group, sent, read }) => [group, { sent, read }] as const),
  );
}
