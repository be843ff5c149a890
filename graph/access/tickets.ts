/** Tickets that open one WebSocket each, for browsers, which cannot send a header with it; knows no socket. */
import * as v from 'valibot';
import type { Ganway, Viewer } from '../ganway.ts';
import { decodeJson, encodeJson, JSON_TYPE, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';

/** How long a ticket waits to be used, milliseconds. */
export const TICKET_MS = 60_000;
const TICKET_BYTES = 32;

const time = v.pipe(v.string(), v.isoTimestamp());
const ticketRecord = v.object({
  v: v.literal(1),
  viewer: v.string(),
  expiresAt: time,
  /** When the proof ends that the ticket was given for; null where it does not. */
  proofEndsAt: v.nullable(time),
});

export interface Ticket {
  /** It stands in a URL, so it opens one socket and nothing else. */
  readonly ticket: string;
  readonly expiresAt: Date;
}

/** A ticket for who asks. Stored is its hash: what is in the bucket opens nothing. */
export async function createTicket(g: Pick<Ganway, 'store' | 'now' | 'random'>, viewer: Viewer): Promise<Ticket> {
  const ticket = Buffer.from(g.random(TICKET_BYTES)).toString('base64url');
  const expiresAt = new Date(g.now().getTime() + TICKET_MS);
  const record = {
    v: 1,
    viewer: viewer.id,
    expiresAt: expiresAt.toISOString(),
    proofEndsAt: viewer.expiresAt?.toISOString() ?? null,
  } satisfies v.InferOutput<typeof ticketRecord>;
  await g.store.create(keys.ticket(sha256(ticket)), encodeJson(record), JSON_TYPE);
  return { ticket, expiresAt };
}

/** Whose ticket it is, at its first use and within its minute; null at any other time, and for what is no ticket. */
export async function redeemTicket(
  { store, now }: Pick<Ganway, 'store' | 'now'>,
  ticket: string,
): Promise<{ readonly viewer: string; readonly expiresAt: Date | null } | null> {
  const hash = sha256(ticket);
  const object = await store.get(keys.ticket(hash));
  if (object === null) return null;
  const { viewer, expiresAt, proofEndsAt } = v.parse(ticketRecord, decodeJson(object.body));
  if (Date.parse(expiresAt) <= now().getTime()) return null;
  // Of any number who come at once the creator of this mark comes in.
  if ((await store.create(keys.ticketUse(hash), new Uint8Array())).outcome === 'taken') return null;
  await store.remove(keys.ticket(hash));
  return { viewer, expiresAt: proofEndsAt === null ? null : new Date(proofEndsAt) };
}
