/** Live delivery on one machine: storage notifications and a slow timer call the same handlers as on AWS. */
import { makeDeliver } from '../../functions/deliver.ts';
import type { Live } from '../../graph/live/live.ts';
import { deliverOpen } from '../../graph/live/open.ts';
import type { Storage } from './storage.ts';

/** Notifications do get lost; this often everything open is looked at, milliseconds. */
const CATCH_UP_MS = 5000;

/** Delivers on every hint of the storage, and on time where hints are missing. Returns what ends it. */
export function deliverOnHints(live: Live, storage: Storage): () => void {
  const deliver = makeDeliver(live);
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    await deliverOpen(live).catch((cause) => live.warn('catching up failed', cause));
    sweeping = false;
  };
  storage.listen((key) => {
    if (key === null) void sweep();
    else void deliver({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] });
  });
  const timer = setInterval(sweep, CATCH_UP_MS);
  return () => clearInterval(timer);
}
