/** Tells whether a run has anything to deliver, from what is stored and one look at its journal; delivers nothing. */
import { type Cursor, parseCursor, START } from '../run/cursor.ts';
import { keys } from '../storage/keys.ts';
import { hasEnded } from './expiry.ts';
import type { Live } from './live.ts';
import type { LiveRun, Member } from './members.ts';

/** True where a round would have something to do that nobody else is doing. */
export async function isBehind(
  { g }: Pick<Live, 'g'>,
  runId: string,
  { members, lease: stored }: LiveRun,
): Promise<boolean> {
  const lease = stored?.value ?? null;
  const now = g.now().getTime();
  if (members.length === 0) return false;
  if (lease !== null && lease.owner !== null && lease.expiresAt > now) return false;
  if (lease === null || lease.owner !== null || lease.unfinished) return true;

  const due = members.filter(({ value }) => value.retryAt <= now);
  if (due.some(({ value }) => hasEnded(value, now))) return true;
  const places = due.map((member) => placeOf(member, lease.groups));
  if (places.some((place) => place === null)) return true;
  const oldest = Math.min(...places.map((place) => place?.position ?? 0));
  if (!Number.isFinite(oldest)) return false;
  const { objects } = await g.store.list(keys.journal(runId), { startAfter: keys.segment(runId, oldest), limit: 1 });
  return objects.some(({ key }) => keys.positionOf(key) !== null);
}

/** Up to where a member needs nothing more; null for one that has to be looked at in any case. */
function placeOf({ value }: Member, groups: Readonly<Record<string, { readonly read: string }>>): Cursor | null {
  if (value.joined) return parseCursor(groups[value.group]?.read ?? '');
  if (!value.visited || value.failures > 0) return null;
  return parseCursor(value.read) ?? START;
}
