/** Live delivery on one machine: storage notifications and a slow timer call the same handlers as on AWS. */
import type { Log } from '../../functions/log.ts';
import type { Handlers } from './handlers.ts';
import type { Storage } from './storage.ts';

/** Notifications do get lost; this often everything open is looked at, milliseconds. */
const CATCH_UP_MS = 5000;

/** Delivers on every hint of the storage, and on time where hints are missing. Returns what ends it. */
export function deliverOnHints(
  { deliver, catchUp }: Pick<Handlers, 'deliver' | 'catchUp'>,
  storage: Storage,
  log: Log,
): () => void {
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    await catchUp().catch((cause) => log.warn({ err: cause }, 'catching up failed'));
    sweeping = false;
  };
  storage.listen((key) => {
    if (key === null) void sweep();
    else {
      deliver({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] }).catch((cause) =>
        log.warn({ err: cause }, 'a hint was lost'),
      );
    }
  });
  const timer = setInterval(sweep, CATCH_UP_MS);
  return () => clearInterval(timer);
}
