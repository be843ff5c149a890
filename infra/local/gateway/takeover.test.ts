import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../graph/live/deliver.ts';
import { LEASE_MS } from '../../../graph/live/lease.ts';
import type { Live } from '../../../graph/live/live.ts';
import { deliverOpen } from '../../../graph/live/open.ts';
import { subscribe } from '../../../graph/live/subscribe.ts';
import { saveHead } from '../../../graph/run/head.ts';
import { loadRun } from '../../../graph/run/load.ts';
import { keys } from '../../../graph/storage/keys.ts';
import type { ObjectStore, Sockets } from '../../../graph/storage/ports.ts';
import { apply, settled, watch } from './testing/collect.ts';
import { raw } from './testing/raw-client.ts';
import { type Rig, startRig, viewer, WATCH } from './testing/rig.ts';
import { ended, metrics, resumed, stopped } from './testing/runs.ts';
import { dyingAfterSend, preceded } from './testing/stores.ts';

let rig: Rig;
afterEach(() => rig.close());

/** A process of its own: it remembers nothing of what the others have read, and may have another clock. */
function stranger({ store = rig.live.g.store, ahead = 0 }: { store?: ObjectStore; ahead?: number } = {}): Live {
  return { ...rig.another(), g: { ...rig.live.g, store: { ...store }, now: () => new Date(Date.now() + ahead) } };
}

/** A run that is watched by somebody who has heard all there is. */
async function watched() {
  const run = await rig.newRun();
  const watching = watch(rig.client(), run);
  await watching.until((batches) => batches.length === 1);
  await settled(rig.live, run);
  return { run, watching };
}

const endOf = async (run: string) => (await loadRun(rig.live.g, run))?.state.cursor.position ?? 0;

describe('delivery by several processes', () => {
  it('does not forget who joined between the look at the members and the look at the lease', async () => {
    rig = await startRig();
    const { run, watching } = await watched();
    await rig.say(run, metrics(1));
    let late = watching;
    const store: ObjectStore = {
      ...rig.live.g.store,
      get: preceded(rig.live.g.store.get, keys.lease(run), async () => {
        late = watch(rig.client(), run);
        await late.until(() => late.steps().length === 1);
        await settled(rig.live, run);
        await rig.say(run, metrics(2));
      }),
    };
    await deliver(stranger({ store }), run);
    await rig.say(run, metrics(3));
    await deliver(rig.live, run);
    await Promise.all([watching, late].map((each) => each.until(() => each.steps().includes(3))));
    expect(watching.steps()).toEqual([1, 2, 3]);
    expect(late.steps()).toEqual([1, 2, 3]);
  });

  it('repeats all that a dead process may have sent, though its own hint is of something older', async () => {
    rig = await startRig();
    const { run, watching } = await watched();
    const other = stranger({ ahead: LEASE_MS + 1 });
    await deliver(other, run);
    await rig.say(run, metrics(1));
    const told = await endOf(run);
    await rig.say(run, metrics(2));
    await expect(deliver(stranger({ store: dyingAfterSend(rig.live.g.store) }), run)).rejects.toThrow(
      'the process died',
    );
    await watching.until(() => watching.steps().length === 2);
    await deliver(other, run, told);
    for (const step of [3, 4]) {
      await rig.say(run, metrics(step));
      await deliver(other, run, await endOf(run));
    }
    await watching.until(() => watching.steps().includes(4));
    expect(apply(watching.batches)).toEqual([1, 2, 3, 4]);
  });

  it('repeats all that a connection in trouble may have been sent, though a hint is of something older', async () => {
    let lost: string | null = null;
    rig = await startRig({
      wrapSockets: (sockets): Sockets => ({
        // It arrives, and only the answer is lost.
        send: async (id, message) => ((await sockets.send(id, message)) === 'sent' && id === lost ? 'failed' : 'sent'),
      }),
    });
    const { run, watching } = await watched();
    const other = stranger({ ahead: 60_000 });
    await deliver(other, run);
    const [connection] = (await rig.live.g.store.list(keys.allConnections)).objects;
    lost = decodeURIComponent(connection?.key.split('/')[1] ?? '');
    await rig.say(run, metrics(1));
    const told = await endOf(run);
    await rig.say(run, metrics(2));
    await deliver(rig.live, run);
    lost = null;
    await deliver(other, run, told);
    for (const step of [3, 4]) {
      await rig.say(run, metrics(step));
      await deliver(other, run, await endOf(run));
    }
    await watching.until(() => watching.steps().includes(4));
    expect(apply(watching.batches)).toEqual([1, 2, 3, 4]);
  });

  it('does not end a run that goes on, for a late hint of its end before', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    await rig.say(run, stopped);
    const told = await endOf(run);
    const other = stranger();
    await loadRun(other.g, run);
    await rig.say(run, resumed);
    const watching = watch(rig.client(), run);
    await watching.until((batches) => batches.length === 1);
    await settled(rig.live, run);
    await deliver(other, run, told);
    await rig.say(run, metrics(1));
    await deliver(rig.live, run);
    await watching.until(() => watching.steps().length === 1);
  });

  it('ends for who watches a run that was swept meanwhile, for a late hint too', async () => {
    rig = await startRig();
    const { store } = rig.live.g;
    const client = await raw(rig.gateway.url, { connection_init: true });
    expect(await client.next()).toEqual({ type: 'connection_ack' });
    const [connection] = (await store.list(keys.allConnections)).objects;
    const run = await rig.newRun();
    await rig.say(run, metrics(1));
    await rig.say(run, metrics(2));
    const known = await loadRun(rig.live.g, run);
    if (known === null || connection === undefined) throw new Error('there is no run, or no connection');
    await saveHead(store, run, known.state);
    // It knows what the run had come to by the head, and has not read what led there.
    const other = stranger();
    await loadRun(other.g, run);
    await rig.say(run, ended);
    const arrival = {
      connectionId: decodeURIComponent(connection.key.split('/')[1] ?? ''),
      operationId: 'watch',
      receivedAt: 1,
    };
    const request = { document: WATCH, operationName: null, variables: { run } };
    const operation = { ...request, viewer, origin: rig.gateway.url };
    expect(await subscribe(rig.live, arrival, operation, parse(WATCH))).toMatchObject({ kind: 'subscribed' });
    for (const { key } of (await store.list(keys.run(run))).objects) await store.remove(key);
    await deliver(other, run, known.state.cursor.position);
    expect(await client.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it('does not take the lease of a run that nobody watches from under who comes to watch it', async () => {
    let sent = () => {};
    let goOn = () => {};
    const sending = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let slow = false;
    rig = await startRig({
      wrapSockets: (sockets): Sockets => ({
        send: async (id, message) => {
          const outcome = await sockets.send(id, message);
          if (slow && message.includes('"next"')) {
            sent();
            await held;
          }
          return outcome;
        },
      }),
    });
    const { run, watching } = await watched();
    watching.stop();
    const { store } = rig.live.g;
    await expect.poll(async () => (await store.list(keys.subscriptions(run))).objects).toEqual([]);
    slow = true;
    let late = watching;
    const comes = async () => {
      late = watch(rig.client(), run);
      await sending;
    };
    const key = keys.lease(run);
    await deliverOpen(
      stranger({
        store: { ...store, remove: preceded(store.remove, key, comes), replace: preceded(store.replace, key, comes) },
        ahead: 61_000,
      }),
    );
    slow = false;
    goOn();
    await late.until((batches) => batches.length === 1);
    for (const step of [1, 2]) {
      await rig.say(run, metrics(step));
      await expect
        .poll(async () => {
          await deliver(rig.live, run);
          return late.steps().includes(step);
        })
        .toBe(true);
    }
    expect(apply(late.batches)).toEqual([1, 2]);
  });
});
