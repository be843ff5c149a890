import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../graph/live/deliver.ts';
import { LEASE_MS } from '../../../graph/live/lease.ts';
import type { Live } from '../../../graph/live/live.ts';
import { deliverOpen } from '../../../graph/live/open.ts';
import { receive } from '../../../graph/live/protocol.ts';
import { loadRun } from '../../../graph/run/load.ts';
import { keys } from '../../../graph/storage/keys.ts';
import { type ObjectStore, type Sockets, StorageError } from '../../../graph/storage/ports.ts';
import { apply, settled, watch } from './testing/collect.ts';
import { raw } from './testing/raw-client.ts';
import { type Rig, startRig, viewer, WATCH } from './testing/rig.ts';
import { ended, metrics } from './testing/runs.ts';
import { dyingAfterSend, preceded } from './testing/stores.ts';

let rig: Rig;
afterEach(() => rig.close());

/** A run that one client watches, who has been sent all there is. */
async function watched() {
  rig = await startRig();
  const run = await rig.newRun();
  const watching = watch(rig.client(), run);
  await watching.until((batches) => batches.length === 1);
  await settled(rig.live, run);
  return { run, watching };
}

describe('delivery in trouble', () => {
  it('goes on for others while one connection cannot be sent to, which loses nothing', async () => {
    let failing: string | null = null;
    let shift = 0;
    rig = await startRig({
      wrapSockets: (sockets): Sockets => ({
        send: async (id, message) => (id === failing ? 'failed' : sockets.send(id, message)),
      }),
    });
    const live: Live = { ...rig.another(), g: { ...rig.live.g, now: () => new Date(Date.now() + shift) } };
    const run = await rig.newRun();
    const slow = watch(rig.client(), run);
    await slow.until((batches) => batches.length === 1);
    const [first] = (await live.g.store.list(keys.allConnections)).objects;
    const good = watch(rig.client(), run);
    await good.until((batches) => batches.length === 1);
    failing = decodeURIComponent(first?.key.split('/')[1] ?? '');
    for (const step of [1, 2, 3]) {
      await rig.say(run, metrics(step));
      await deliver(live, run);
      await good.until(() => good.steps().length === step);
    }
    expect(slow.steps()).toEqual([]);
    failing = null;
    shift = 60_000;
    await expect
      .poll(async () => {
        await deliverOpen(live);
        return slow.steps();
      })
      .toEqual([1, 2, 3]);
    await rig.say(run, metrics(4), ended);
    await deliver(live, run);
    await Promise.all([slow.completed, good.completed]);
    expect(apply(slow.batches)).toEqual([1, 2, 3, 4]);
    expect(apply(good.batches)).toEqual([1, 2, 3, 4]);
    expect(slow.steps()).toEqual([1, 2, 3, 4]);
  });

  it('repeats a batch after a crash between sending and writing down, and the client knows it by its since', async () => {
    const { run, watching } = await watched();
    const dying = { ...rig.another(), g: { ...rig.live.g, store: dyingAfterSend(rig.live.g.store) } };
    await rig.say(run, metrics(1));
    await expect(deliver(dying, run)).rejects.toThrow('the process died');
    await watching.until(() => watching.steps().length === 1);
    // Nobody else may deliver until the dead one's lease is over.
    await rig.say(run, metrics(2), ended);
    await deliver(rig.live, run);
    expect(watching.steps()).toEqual([1]);
    const later = { ...rig.another(), g: { ...rig.live.g, now: () => new Date(Date.now() + LEASE_MS + 1) } };
    await deliverOpen(later);
    await watching.completed;
    expect(watching.steps()).toEqual([1, 1, 2]);
    expect(apply(watching.batches)).toEqual([1, 2]);
  });

  it('stops delivering as soon as another process has taken over', async () => {
    const { run, watching } = await watched();
    await rig.say(run, metrics(1));
    const other = { ...rig.another(), g: { ...rig.live.g, now: () => new Date(Date.now() + LEASE_MS + 1) } };
    // While this one executes, its time runs out and the other does all the work.
    const slow: Live = {
      ...rig.another(),
      operations: {
        ...rig.live.operations,
        executeBatch: async (...args) => {
          await deliver(other, run);
          return rig.live.operations.executeBatch(...args);
        },
      },
    };
    await deliver(slow, run);
    await rig.say(run, ended);
    await deliver(other, run);
    await watching.completed;
    expect(apply(watching.batches)).toEqual([1]);
  });

  it('delivers what was appended while another process held the lease', async () => {
    const { run, watching } = await watched();
    const other = rig.another();
    let first = true;
    const holder: Live = {
      ...rig.another(),
      operations: {
        ...rig.live.operations,
        executeBatch: async (...args) => {
          if (first) {
            first = false;
            await rig.say(run, metrics(2));
            await deliver(other, run);
          }
          return rig.live.operations.executeBatch(...args);
        },
      },
    };
    await rig.say(run, metrics(1));
    await deliver(holder, run);
    await watching.until(() => watching.steps().length === 2);
    expect(watching.steps()).toEqual([1, 2]);
  });

  it('one operation that cannot be executed does not hold up the others', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    const good = watch(rig.client(), run);
    const query =
      'subscription Bad($run: ID!, $after: String) { runEvents(runId: $run, after: $after) { since cursor hasMore events { __typename } } }';
    await good.until((batches) => batches.length === 1);
    await settled(rig.live, run);
    const bad = watch(rig.client(), run, { query });
    await bad.until((batches) => batches.length === 1);
    await settled(rig.live, run);
    const broken: Live = {
      ...rig.another(),
      operations: {
        ...rig.live.operations,
        executeBatch: (operation, batch) => {
          if (operation.document.includes('Bad')) throw new Error('a bug');
          return rig.live.operations.executeBatch(operation, batch);
        },
      },
    };
    await rig.say(run, metrics(1));
    await deliver(broken, run);
    await good.until(() => good.steps().length === 1);
    expect(bad.batches).toHaveLength(1);
    expect(rig.warnings).toHaveLength(1);
    await deliverOpen(rig.live);
    await bad.until((batches) => batches.length === 2);
    expect(good.batches).toHaveLength(2);
  });

  it('leaves nothing of an operation that could not be begun, and says so', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    const client = await raw(rig.gateway.url, { connection_init: true });
    expect(await client.next()).toEqual({ type: 'connection_ack' });
    const { store } = rig.live.g;
    const connectionId = decodeURIComponent(
      (await store.list(keys.allConnections)).objects[0]?.key.split('/')[1] ?? '',
    );
    const claim = keys.connectionOperation(connectionId, 'a');
    const head = preceded(store.head, claim, () => Promise.reject(new StorageError('UNREACHABLE', 'once')));
    const live = { ...rig.live, g: { ...rig.live.g, store: { ...store, head } } };
    const payload = { query: WATCH, variables: { run } };
    const arrival = { connectionId, viewer: viewer.id, origin: rig.gateway.url, expiresAt: null, receivedAt: 1 };
    await receive(live, { ...arrival, text: JSON.stringify({ id: 'a', type: 'subscribe', payload }) });
    expect(await client.next()).toMatchObject({ id: 'a', type: 'error' });
    expect((await store.list(keys.subscriptions(run))).objects).toEqual([]);
    expect(await store.head(claim)).toBeNull();
  });

  it('sends what a reader knows by its since where the place of its group is lost', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    const watching = watch(rig.client(), run);
    await watching.until((batches) => batches.length === 1);
    for (const step of [1, 2]) {
      await settled(rig.live, run);
      await rig.say(run, metrics(step));
      await deliver(rig.live, run);
      await watching.until(() => watching.steps().length === step);
    }
    await settled(rig.live, run);
    await rig.live.g.store.remove(keys.lease(run));
    await rig.say(run, metrics(3), ended);
    await deliver(rig.live, run);
    await watching.completed;
    expect(apply(watching.batches)).toEqual([1, 2, 3]);
  });

  it('goes on where the lease cannot be read', async () => {
    const { run, watching } = await watched();
    await rig.live.g.store.put(keys.lease(run), new TextEncoder().encode('{"v":2}'));
    await rig.say(run, metrics(1), ended);
    await deliver(rig.another(), run);
    await watching.completed;
    expect(apply(watching.batches)).toEqual([1]);
  });

  it('writes nothing while nothing happens', async () => {
    await watched();
    const calls: string[] = [];
    const live = { ...rig.another(), g: { ...rig.live.g, store: recording(rig.live.g.store, calls) } };
    await deliverOpen(live);
    calls.length = 0;
    await deliverOpen(live);
    expect(calls).toEqual(['list', 'list']);
  });

  it('asks the storage four times for a segment it was told of, five times where it has to look', async () => {
    const { run, watching } = await watched();
    const calls: string[] = [];
    const live = { ...rig.another(), g: { ...rig.live.g, store: recording(rig.live.g.store, calls) } };
    await rig.say(run, metrics(1));
    await deliver(live, run);
    const told = (await loadRun(rig.live.g, run))?.state.cursor.position ?? 0;

    await rig.say(run, metrics(2));
    calls.length = 0;
    await deliver(live, run, told + 1);
    // Who watches, the lease taken, the segment, the lease let go.
    expect(calls).toEqual(['list', 'replace', 'get', 'replace']);
    await rig.say(run, metrics(3));
    calls.length = 0;
    await deliver(live, run);
    expect(calls).toEqual(['list', 'replace', 'list', 'get', 'replace']);
    await watching.until(() => watching.steps().length === 3);
    expect(watching.steps()).toEqual([1, 2, 3]);
  });
});

function recording(store: ObjectStore, calls: string[]): ObjectStore {
  return new Proxy(store, {
    get: (target, name: keyof ObjectStore) => {
      calls.push(name);
      return target[name].bind(target);
    },
  });
}
