import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import type { Viewer } from '../ganway.ts';
import { stores } from '../run/testing/bench.ts';
import { listAll } from '../storage/list-all.ts';
import { createTicket, redeemTicket, TICKET_MS } from './tickets.ts';

const ada: Viewer = { id: 'user:ada', name: 'Ada', projects: [] };

describe.each(Object.entries(stores(inject('s3'), temporaryFolder())))('a ticket in %s', (_name, open) => {
  let time = Date.UTC(2026, 0, 1);
  const world = () => ({ store: open(), now: () => new Date(time), random: (bytes: number) => randomBytes(bytes) });

  it('is whose it was made for, once', async () => {
    const { ticket, expiresAt } = await createTicket(world(), ada);
    expect(expiresAt.getTime()).toBe(time + 60_000);
    expect(await redeemTicket(world(), ticket)).toEqual({ viewer: 'user:ada', expiresAt: null });
    expect(await redeemTicket(world(), ticket)).toBeNull();
  });

  it('lets one of twenty in who come at once', async () => {
    const { ticket } = await createTicket(world(), ada);
    const redeemed = await Promise.all(Array.from({ length: 20 }, () => redeemTicket(world(), ticket)));
    expect(redeemed.filter((viewer) => viewer !== null)).toHaveLength(1);
  });

  it('ends after a minute, and what it opened no later than what it was made with', async () => {
    const end = new Date(time + 120_000);
    const [early, late] = [await createTicket(world(), { ...ada, expiresAt: end }), await createTicket(world(), ada)];
    time += TICKET_MS - 1;
    expect(await redeemTicket(world(), early.ticket)).toEqual({ viewer: 'user:ada', expiresAt: end });
    time += 1;
    expect(await redeemTicket(world(), late.ticket)).toBeNull();
  });

  it('is not to be had from what is stored', async () => {
    const { ticket } = await createTicket(world(), ada);
    const objects = await listAll(open(), 'auth/tickets/');
    for (const { key } of objects) {
      expect(key).not.toContain(ticket);
      expect(Buffer.from((await open().get(key))?.body ?? []).toString()).not.toContain(ticket);
      expect(await redeemTicket(world(), key.slice('auth/tickets/'.length).replace(/\.\w+$/, ''))).toBeNull();
    }
    expect(objects.length).toBeGreaterThan(0);
  });

  it.each(['', 'x', '../keys/lab/x', randomUUID()])('%j is none', async (text) => {
    expect(await redeemTicket(world(), text)).toBeNull();
  });
});
